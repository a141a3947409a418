import { isDigest, type Digest } from '../../image/digest.ts'
import {
  isPublic,
  parseRepositoryReference,
  type RepositoryReference,
} from '../../image/repository/repository.ts'
import type { RepositorySettings } from '../../image/repository/repository-settings.ts'
import type { Mode } from '../mode.ts'
import type { InputReader } from '../reader.ts'
import { readRepositorySettings } from './repository-settings.ts'

/** Where what is built goes. */
export interface PublishInputs {
  /** The source: what is built is pushed there, read back, and held against its gates. */
  readonly repository: RepositoryReference
  /** Further repositories, which get the same bytes. */
  readonly copies: readonly RepositoryReference[]
  /** With what a repository that is missing is made; undefined: it is an objection. */
  readonly creation: RepositorySettings | undefined
}

const repositoryForm =
  'is neither an ECR repository name (team/web) nor one behind its registry (123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/web, public.ecr.aws/alias/web)'

/** What only a pushed image is for: named in one notice where nothing is pushed. */
const afterPush = [
  ...['repository', 'create-repository', 'scan', 'max-image-size', 'service', 'task-definition'],
]

/** The repositories that are given, the source first. */
export function readRepositories(reader: InputReader): readonly RepositoryReference[] {
  const lines = reader.lines('repository')
  const cache = reader.lines('cache-repository')
  return lines.flatMap((line, index) => {
    const reference = parseRepositoryReference(line)
    if (reference === undefined) reader.reject('repository', repositoryForm, line)
    if (lines.indexOf(line) < index) reader.reject('repository', 'is there twice', line)
    if (index > 0 && cache.includes(line)) {
      reader.reject('repository', 'is `cache-repository`, too; caches need one of their own', line)
    }
    return reference ?? []
  })
}

/**
 * Where to push to, or undefined with `push: false`.
 * @param repositories As {@link readRepositories} read them; that there is none is told here.
 */
export function readPublish(
  reader: InputReader,
  [repository, ...copies]: readonly RepositoryReference[],
): PublishInputs | undefined {
  const creation = readRepositorySettings(reader)
  if (!reader.boolean('push')) return undefined
  if (creation !== undefined) rejectPublicCreation(reader, [repository, ...copies])
  if (repository?.host !== undefined && isPublic(repository.host)) rejectPublicScan(reader)
  // The tags of bake targets may say where they go.
  const said = ['repository', 'bake-files'].some((name) => reader.text(name) !== undefined)
  if (repository === undefined && !said) {
    reader.reject(
      'repository',
      'is missing; name the ECR repository that the image is pushed to, use `mode: deploy`, or `push: false`',
    )
  }
  // The empty name is never used: it is a problem that ends the run, or bake targets have their own.
  return { repository: repository ?? { name: '' }, copies, creation }
}

/** The source is what is scanned. */
function rejectPublicScan(reader: InputReader): void {
  if ((reader.text('scan') ?? 'off') === 'off') return
  const problem = 'is not to be had of ECR Public; name a private repository first in `repository`'
  reader.reject('scan', problem)
}

function rejectPublicCreation(
  reader: InputReader,
  repositories: readonly (RepositoryReference | undefined)[],
): void {
  for (const repository of repositories) {
    if (repository?.host === undefined || !isPublic(repository.host)) continue
    const problem = 'does not make repositories of ECR Public; make it with `aws ecr-public`'
    reader.reject('create-repository', problem, repository.name)
  }
}

/** What `push: false` leaves undone although it was asked for. */
export function describeUnpushed(reader: InputReader): readonly string[] {
  // What is loaded is called after its repository.
  const names = reader.boolean('load') ? afterPush.slice(1) : afterPush
  const idle = names.filter((name) => reader.given(name))
  return idle.length === 0
    ? []
    : [`push is false: the image is built and goes to no registry; ${idle.join(', ')} do nothing`]
}

/** Where a leg or a joined image goes: in these modes it is always pushed. */
export function pushed(
  reader: InputReader,
  mode: Mode,
  publish: PublishInputs | undefined,
): PublishInputs {
  if (publish !== undefined) return publish
  reader.reject('push', `is false, and mode ${mode} does nothing without pushing`)
  return { repository: { name: '' }, copies: [], creation: undefined }
}

/** `digests`, by lines or blanks: the `digest` outputs of build legs. */
export function readDigests(reader: InputReader): readonly Digest[] {
  const texts = reader.lines('digests').flatMap((line) => line.split(/[\s,]+/))
  const digests = texts.flatMap((text) => {
    if (isDigest(text)) return [text]
    if (text !== '') reader.reject('digests', 'is no digest (sha256:…)', text)
    return []
  })
  if (texts.length === 0) {
    reader.reject(
      'digests',
      'is missing; give it the `digest` outputs of the steps with `mode: build`',
    )
  }
  return [...new Set(digests)]
}

import { ActionError } from '../../core/errors/action-error.ts'
import { GitHubFailure } from '../../core/errors/github-failure.ts'
import { describeGitHubFailure } from '../../core/faults/github.ts'
import { isDigest, shortDigest, type Digest } from '../../core/image/digest.ts'
import type { PushedImage } from '../../core/image/image.ts'
import { parseImageQuery, tagsOfCommit, type ImageQuery } from '../../core/image/naming/query.ts'
import {
  factsOfImage,
  toPushedImage,
  type RegistryImage,
} from '../../core/image/content/registry-image.ts'
import {
  repositoryUri,
  type Repository,
  type RepositoryReference,
} from '../../core/image/repository/repository.ts'
import { imageVersion } from '../../core/image/naming/tags.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ecr } from '../../ports/ecr.ts'
import type { Ports } from '../../ports/ports.ts'
import { askEcr, keyOf, placeOf } from '../aws/ask-ecr.ts'
import { locateRepository } from './inspect-repository.ts'
import { readImage } from '../aws/read-image.ts'
import { untilAborted } from '../aws/until-aborted.ts'

/** GitHub knows which commit a short one is; without it the tags are gone through. */
export type FindPorts = Pick<Ports, 'github' | 'report' | 'signal'>

/**
 * Finds the image that the user means: a digest, a reference, a tag, a commit or a version.
 * @param reference Where to look; undefined only where `image` itself names a repository.
 * @throws ActionError `image-not-found` with the newest tags, `image-ambiguous` where the names that
 * fit mean more than one image.
 */
export async function findImage(
  image: string,
  reference: RepositoryReference | undefined,
  session: AwsSession,
  ports: FindPorts,
): Promise<PushedImage> {
  const query = parseImageQuery(image, reference)
  const { repository } = await locateRepository(query.repository, session)
  const ecr = session.ecr(repository.registry)
  const { found, tags } =
    'digest' in query
      ? { found: await readImage(ecr, repository, { digest: query.digest }), tags: [] }
      : await findByTags(query, image, repository, ecr, ports)
  if (found === undefined) throw await notFound(image, repository, ecr)
  warnOfMissing(found, repository, ports)
  const facts = factsOfImage(found)
  const result = toPushedImage(found, {
    repository,
    tags,
    version:
      facts.version ?? tags.find((tag) => imageVersion(tag) === tag) ?? facts.commit ?? image,
    commit: facts.commit,
    reused: true,
  })
  ports.report.line(`found ${repositoryUri(repository)}@${found.digest}`)
  return result
}

type TagQuery = Exclude<ImageQuery, { readonly digest: Digest }>

interface Hits {
  readonly found: RegistryImage | undefined
  readonly tags: readonly string[]
}

/** Looks under the names that the text may mean; only what these do not tell is searched for. */
async function findByTags(
  { tags, commitPrefix }: TagQuery,
  image: string,
  repository: Repository,
  ecr: Ecr,
  ports: FindPorts,
): Promise<Hits> {
  const read = (names: Iterable<string>) => readTags(new Set(names), image, repository, ecr)
  if (commitPrefix === undefined) return await read(tags)
  const commit = await resolveCommit(commitPrefix, ports)
  if (commit !== undefined) {
    const hits = await read([...tags, ...tagsOfCommit(commit)])
    if (hits.found !== undefined) return hits
  }
  const all = await newestTags(repository, ecr, Number.POSITIVE_INFINITY)
  return await read([...tags, ...all.filter((tag) => isOfCommit(tag, commitPrefix))])
}

/** @returns undefined also where GitHub cannot be asked: the tags tell as much, more slowly. */
async function resolveCommit(
  prefix: string,
  { github, report, signal }: FindPorts,
): Promise<string | undefined> {
  try {
    return await untilAborted(() => github.resolveCommit(prefix), signal)
  } catch (error) {
    if (!(error instanceof GitHubFailure)) throw error
    report.detail(`${describeGitHubFailure(error, 'contents: read')}; searching all tags`)
    return undefined
  }
}

async function readTags(
  names: ReadonlySet<string>,
  image: string,
  repository: Repository,
  ecr: Ecr,
): Promise<Hits> {
  const hits = await Promise.all(
    [...names].map(async (tag) => ({ tag, found: await readImage(ecr, repository, { tag }) })),
  )
  const there = hits.flatMap(({ tag, found }) => (found === undefined ? [] : [{ tag, found }]))
  const digests = new Set(there.map(({ found }) => found.digest))
  if (digests.size > 1) throw ambiguous(image, repository, there)
  return { found: there[0]?.found, tags: there.map(({ tag }) => tag) }
}

/** `sha-<commit>` and `<commit>`, long or short, of a commit that begins with `prefix`. */
function isOfCommit(tag: string, prefix: string): boolean {
  const commit = /^(?:sha-)?([0-9a-f]{7,40})$/.exec(tag)?.[1]
  return commit !== undefined && (commit.startsWith(prefix) || prefix.startsWith(commit))
}

async function newestTags(
  repository: Repository,
  ecr: Ecr,
  count: number,
): Promise<readonly string[]> {
  return await askEcr(placeOf(repository), () => ecr.newestTags(keyOf(repository), count))
}

async function notFound(image: string, repository: Repository, ecr: Ecr): Promise<ActionError> {
  const { known, help } = await knownTags(repository, ecr)
  const what = isDigest(image) ? 'no image' : 'no tag, commit or version'
  return new ActionError(
    'image-not-found',
    `"${repositoryUri(repository)}" has ${what} "${image}"; ${known}`,
    `Give \`image\` one of its tags, a digest, or the commit of a release that was pushed here.${help}`,
  )
}

interface KnownTags {
  readonly known: string
  /** More for the remedy. */
  readonly help: string
}

/** The tags are a help; that they may not be listed does not change what is wrong. */
async function knownTags(repository: Repository, ecr: Ecr): Promise<KnownTags> {
  try {
    const newest = await newestTags(repository, ecr, 10)
    const known = newest.length === 0 ? 'it has no tags' : `its newest tags: ${newest.join(', ')}`
    return { known, help: '' }
  } catch (error) {
    if (!(error instanceof ActionError)) throw error
    return { known: `its tags cannot be listed: ${error.message}`, help: ` ${error.remedy}` }
  }
}

function ambiguous(
  image: string,
  repository: Repository,
  hits: readonly { readonly tag: string; readonly found: RegistryImage }[],
): ActionError {
  const named = hits.map(({ tag, found }) => `"${tag}" is ${shortDigest(found.digest)}`)
  return new ActionError(
    'image-ambiguous',
    `"${image}" means more than one image of "${repositoryUri(repository)}": ${named.slice(0, 10).join(', ')}`,
    'Give `image` the digest, or the full commit.',
  )
}

/** A task that needs such a platform cannot start; the services' check refuses those by name. */
function warnOfMissing(
  image: RegistryImage,
  repository: Repository,
  ports: Pick<Ports, 'report'>,
): void {
  if (image.missing.length === 0) return
  ports.report.warning(
    `${repositoryUri(repository)}@${shortDigest(image.digest)} has lost its ${image.missing.join(', ')}: ` +
      'a lifecycle rule deletes untagged images that an index needs',
  )
}

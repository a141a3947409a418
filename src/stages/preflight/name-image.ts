import { dirname } from 'node:path'
import {
  isAboutCheckout,
  refuseUnknownCheckout,
  type HeadCommit,
} from '../../core/image/naming/run-commit.ts'
import { tagFactsOf } from '../../core/image/naming/tag-rules/tag-facts.ts'
import { identifyImage, type ImageIdentity } from '../../core/image/naming/tags.ts'
import { isRemoteContext } from '../../core/inputs/build/context.ts'
import { fillMetadata } from '../../core/inputs/build/image-metadata.ts'
import type { BuildInputs } from '../../core/inputs/inputs.ts'
import type { PublishInputs } from '../../core/inputs/publish/publish.ts'
import { pathIn } from '../../core/path-in.ts'
import type { Ports } from '../../ports/ports.ts'
import { askGit } from './ask-git.ts'

/** What a run's image is called, and the inputs with what the run says for their expressions. */
export interface Named<T> {
  readonly identity: ImageIdentity
  readonly inputs: T
}

interface NamedInputs {
  readonly build: BuildInputs
  /** Undefined: nobody else will see the name. */
  readonly publish?: PublishInputs | undefined
}

/**
 * What the image is to be called.
 * @param askLegs Tells the commit of what is joined, where this job has none checked out.
 * @throws InputErrors where the rules give no tag, ActionError `untrusted-event` where files are to be
 * pushed whose commit nothing tells.
 */
export async function nameImage<T extends NamedInputs>(
  inputs: T,
  ports: Ports,
  askLegs?: () => Promise<HeadCommit | undefined>,
): Promise<Named<T>> {
  const { build } = inputs
  const { context, clock, report } = ports
  const head = needsHead(build, ports) ? await findHead(inputs, ports, askLegs) : undefined
  const now = clock.now()
  const identity = identifyImage(context, build.tagRules, now, head)
  for (const note of identity.notes) report.line(note)
  const { shortShaLength } = build.tagRules
  const facts = tagFactsOf(context, now, { head, shortShaLength })
  const metadata = fillMetadata(build.metadata, facts)
  return { identity, inputs: { ...inputs, build: { ...build, metadata } } }
}

/** Mostly the event tells all, and git is not asked. */
function needsHead({ tagRules, metadata }: BuildInputs, { context }: Pick<Ports, 'context'>) {
  if (isAboutCheckout(context)) return true
  const { rules, flavor } = tagRules
  const texts = [
    ...rules.map(({ text }) => text),
    ...[flavor.prefix, flavor.suffix],
    ...Object.values(metadata.labels),
    ...metadata.annotations.map(({ value }) => value),
  ]
  return texts.some((text) => text.includes('commit_date'))
}

/** What is built; undefined where BuildKit fetches the context, or nothing tells. */
async function findHead(
  { build, publish }: NamedInputs,
  ports: Ports,
  askLegs?: () => Promise<HeadCommit | undefined>,
): Promise<HeadCommit | undefined> {
  if (build.bake === undefined && isRemoteContext(build.context)) return undefined
  const head = await readHead(build, ports)
  if (head !== undefined || askLegs !== undefined) return head ?? (await askLegs?.())
  if (publish !== undefined) refuseUnknownCheckout(ports.context)
  return undefined
}

async function readHead(build: BuildInputs, ports: Ports): Promise<HeadCommit | undefined> {
  const folder = build.bake === undefined ? build.context : dirname(build.bake.files[0] ?? '')
  const directory = pathIn(ports.context.workspace, folder)
  const answer = await askGit(directory, ['show', '--no-patch', '--format=%H %cI', 'HEAD'], ports)
  const [id = '', time = ''] = answer?.trim().split(' ') ?? []
  return id === '' ? undefined : { id, committedAt: new Date(time) }
}

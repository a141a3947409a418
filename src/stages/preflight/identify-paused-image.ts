import { ActionError } from '../../core/errors/action-error.ts'
import { commitsOfEvent } from '../../core/image/naming/run-commit.ts'
import { ecrImagesOf, type ContainerImage } from '../../core/image/repository/container-image.ts'
import { shortDigest } from '../../core/image/digest.ts'
import type { PushedImage } from '../../core/image/image.ts'
import { factsOfImage, toPushedImage } from '../../core/image/content/registry-image.ts'
import { repositoryUri } from '../../core/image/repository/repository.ts'
import type { DeployInputs } from '../../core/inputs/inputs.ts'
import type { JsonObject } from '../../core/json.ts'
import { imagesOfRevision } from '../../core/rollout/observation/running-images.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { findImage } from './find-image.ts'
import { OptionalReads } from '../aws/optional-reads.ts'
import { readImage } from '../aws/read-image.ts'

type IdentifyPorts = Pick<Ports, 'context' | 'github' | 'report' | 'signal'>

/** What the paused deployment brings, by its task definition and its service revision. */
export interface PausedRevision {
  readonly arn: string
  readonly definition: JsonObject
}

/** The image that a paused deployment brings, and the containers that hold it. */
export interface PausedImage {
  readonly image: PushedImage | undefined
  readonly containerNames: readonly string[]
  /** What its containers hold otherwise, for messages. */
  readonly others: readonly string[]
}

/**
 * Finds the image that is meant, `image` or that of a commit of this run's event, among what the paused
 * deployment brings.
 * @returns without `image` where the deployment brings another.
 * @throws ActionError where a registry cannot be asked.
 */
export async function identifyPausedImage(
  revision: PausedRevision,
  { image, repository }: DeployInputs,
  session: AwsSession,
  ports: IdentifyPorts,
): Promise<PausedImage> {
  const held = await readHeld(revision, session, ports)
  if (image !== undefined) {
    const meant = await findImage(image, repository, session, ports)
    const own = new Set([meant.digest, ...meant.platforms.map(({ digest }) => digest)])
    const containerNames = held.flatMap(({ container, digest }) =>
      own.has(digest) ? container : [],
    )
    const found = containerNames.length > 0
    return { image: found ? meant : undefined, containerNames, others: held.map(describe) }
  }
  const others: string[] = []
  for (const each of held) {
    const found = await readOfCommit(each, session, commitsOfEvent(ports.context))
    if (typeof found === 'string') others.push(`${describe(each)} ${found}`)
    else {
      const containerNames = held.flatMap(({ container, digest }) =>
        digest === each.digest ? container : [],
      )
      return { image: found, containerNames, others: [] }
    }
  }
  return { image: undefined, containerNames: [], others }
}

/** The digests that ECS resolved are only needed for references without one. */
async function readHeld(
  { arn, definition }: PausedRevision,
  session: AwsSession,
  ports: IdentifyPorts,
): Promise<readonly ContainerImage[]> {
  const without = 'tags in the task definition cannot be told from each other'
  const answer = await new OptionalReads(ports).try('DescribeServiceRevisions', without, () =>
    session.ecs.describeServiceRevisions({ serviceRevisionArns: [arn] }),
  )
  const resolved = imagesOfRevision(answer ?? {})
  return ecrImagesOf(
    definition,
    new Map(resolved.map(({ container, digest }) => [container, digest])),
  )
}

/** @returns what it is instead, where it is of none of the commits. */
async function readOfCommit(
  { repository, digest }: ContainerImage,
  session: AwsSession,
  commits: readonly string[],
): Promise<PushedImage | string> {
  const found = await readImage(session.ecr(repository.registry), repository, { digest })
  if (found === undefined) return 'is not in the registry any more'
  const facts = factsOfImage(found)
  const { commit } = facts
  if (commit === undefined) return 'does not say its commit'
  if (!commits.includes(commit)) return `is of commit ${commit}`
  const version = facts.version ?? commit
  return toPushedImage(found, { repository, tags: [], version, commit, reused: true })
}

function describe({ container, repository, digest }: ContainerImage): string {
  return `container ${container}: ${repositoryUri(repository)}@${shortDigest(digest)}`
}

/** The refusal to answer for a deployment that does not bring what is meant. */
export function notMeant(
  where: string,
  waiting: string,
  { others }: PausedImage,
  meant: string,
): ActionError {
  const holds = others.length === 0 ? 'it holds no image of ECR' : others.join('; ')
  return new ActionError(
    'pause-undecided',
    `the deployment that waits in ${where} does not bring ${meant}: ${waiting}; ${holds}`,
    'Name the pause with `deployment-arn` and `hook-id`, outputs of the step that left it, or its image with `image`.',
  )
}

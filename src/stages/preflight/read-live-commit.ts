import { ecrImagesOf, type ContainerImage } from '../../core/image/repository/container-image.ts'
import { shortDigest } from '../../core/image/digest.ts'
import { factsOfImage } from '../../core/image/content/registry-image.ts'
import { objectsAt, stringAt } from '../../core/json.ts'
import type { ServicePlan } from '../../core/plan/service/service-plan.ts'
import { isRevisionOf } from '../../core/rollout/observation/observation.ts'
import { imagesOfRevision } from '../../core/rollout/observation/running-images.ts'
import { ActionError } from '../../core/errors/action-error.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { OptionalReads } from '../aws/optional-reads.ts'
import { readImage } from '../aws/read-image.ts'

/** The commit that a service runs, or why it is not known. */
export type LiveCommit = { readonly commit: string } | { readonly unknown: string }

/**
 * The commit of the image that is to be replaced, by what the image says of itself.
 * @param plan What the service runs is read from it; ECS and ECR are asked for the rest.
 */
export async function readLiveCommit(
  plan: Pick<ServicePlan, 'current' | 'currentDefinition' | 'containerNames'>,
  session: AwsSession,
  ports: Pick<Ports, 'report' | 'signal'>,
): Promise<LiveCommit> {
  const [held] = await readHeld(plan, session, ports)
  if (held === undefined) return { unknown: 'what it runs is no image of ECR with a digest' }
  const { repository, digest } = held
  try {
    const found = await readImage(session.ecr(repository.registry), repository, { digest })
    if (found === undefined) return { unknown: `${shortDigest(digest)} is not in ECR any more` }
    const { commit } = factsOfImage(found)
    return commit === undefined ? { unknown: 'its image does not say its commit' } : { commit }
  } catch (error) {
    // A registry of somebody else may well not be ours to read.
    if (!(error instanceof ActionError)) throw error
    return { unknown: error.message }
  }
}

/** The images of the containers that get ours; what a tag stands for ECS is asked. */
async function readHeld(
  { current, currentDefinition, containerNames }: Parameters<typeof readLiveCommit>[0],
  session: AwsSession,
  ports: Pick<Ports, 'report' | 'signal'>,
): Promise<readonly ContainerImage[]> {
  const { definition } = currentDefinition
  const ours = (images: readonly ContainerImage[]) =>
    images.filter(({ container }) => containerNames.includes(container))
  const pinned = ours(ecrImagesOf(definition, new Map()))
  const arn = objectsAt(current.raw, 'currentServiceRevisions')
    .map((revision) => stringAt(revision, 'arn') ?? '')
    .find((each) => isRevisionOf(each, current.primaryDeploymentId ?? ''))
  if (pinned.length > 0 || arn === undefined) return pinned
  const without = 'what the tag of the running image stands for cannot be told'
  const answer = await new OptionalReads(ports).try('DescribeServiceRevisions', without, () =>
    session.ecs.describeServiceRevisions({ serviceRevisionArns: [arn] }),
  )
  const resolved = imagesOfRevision(answer ?? {})
  return ours(
    ecrImagesOf(definition, new Map(resolved.map((each) => [each.container, each.digest]))),
  )
}

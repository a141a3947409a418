import { ActionError } from '../../core/errors/action-error.ts'
import { objectsAt, stringAt } from '../../core/json.ts'
import { pinnedImages } from '../../core/rollout/verdict/expected-images.ts'
import {
  deploymentIdOf,
  deploymentOf,
  isRevisionOf,
  primaryOf,
  readServiceView,
} from '../../core/rollout/observation/observation.ts'
import {
  imagesOfRevision,
  type RunningImage,
} from '../../core/rollout/observation/running-images.ts'
import type { ServiceDeploymentRecord } from '../../core/rollout/observation/service-deployment-record.ts'
import type { ServiceOutcome } from '../../core/rollout/evidence/service-outcome.ts'
import { describeDefinition } from '../preflight/read-definition.ts'
import { concludeRollout } from '../rollout/conclude-rollout.ts'
import { createRollout, type Rollout } from '../rollout/rollout.ts'
import type { RolloutWatch } from '../rollout/watch-rollout.ts'
import { nameInArn } from '../../core/name-in-arn.ts'

/**
 * Whether the service runs what ECS returned to, compared with what that ran before. Its record
 * names it: what is PRIMARY may be somebody's newer deployment by now, or an old look.
 * @param planned The record of the deployment that left, as it was before.
 * @throws ActionError where nothing tells what ECS returned to.
 */
export async function confirmReturn(
  leaving: Rollout,
  planned: ServiceDeploymentRecord,
  watch: RolloutWatch,
): Promise<ServiceOutcome> {
  const { plan, deployment, session, ports } = leaving
  const { latest, history } = watch
  const returned = await findReturned(leaving, latest?.record ?? planned, watch)
  const { definition } = await describeDefinition(returned.taskDefinitionArn, session, ports)
  const name = nameInArn(returned.taskDefinitionArn)
  const expectedImages = { pinned: pinnedImages(definition), resolved: returned.images }
  const back = {
    ...{ ...deployment, deploymentId: returned.deploymentId },
    revision: { arn: returned.taskDefinitionArn, name, registered: false, definition },
  }
  const watched = { ...plan, expectedImages }
  const following = { plan: watched, deployment: back, image: undefined, session, ports }
  const rollout = createRollout(following)
  const seen = { brief: undefined, latest, history, watch: undefined }
  return concludeRollout(rollout, seen, { kind: 'final', outcome: 'deployed', reason: '' })
}

/** The deployment that is PRIMARY again. */
interface Returned {
  /** `ecs-svc/…`, by the number of its service revision. */
  readonly deploymentId: string
  readonly taskDefinitionArn: string
  /** As ECS resolved them then; empty where they may not be read. */
  readonly images: readonly RunningImage[]
}

async function findReturned(
  { plan, session, optional }: Rollout,
  { rollbackRevisionArn, sourceRevisionArns }: ServiceDeploymentRecord,
  { latest }: RolloutWatch,
): Promise<Returned> {
  const before = readServiceView(plan.current.raw)
  const service = latest?.service ?? before
  const primaryId = primaryOf(service)?.id ?? ''
  const arns = [
    ...(rollbackRevisionArn === undefined ? [] : [rollbackRevisionArn]),
    ...sourceRevisionArns,
  ]
  const arn = arns.find((each) => isRevisionOf(each, primaryId)) ?? arns[0]
  if (arn === undefined) throw untold(plan.service)
  const deploymentId = deploymentIdOf(arn)
  const without = 'the running digests cannot be compared with those of before'
  const answer = await optional.try('DescribeServiceRevisions', without, () =>
    session.ecs.describeServiceRevisions({ serviceRevisionArns: [arn] }),
  )
  const [revision = {}] = objectsAt(answer ?? {}, 'serviceRevisions')
  const listed = deploymentOf(service, deploymentId) ?? deploymentOf(before, deploymentId)
  const taskDefinitionArn = stringAt(revision, 'taskDefinition') ?? listed?.taskDefinitionArn
  if (taskDefinitionArn === undefined) throw untold(plan.service)
  return { deploymentId, taskDefinitionArn, images: imagesOfRevision(answer ?? {}) }
}

function untold(service: string): ActionError {
  return new ActionError(
    'rollout-lost',
    `ECS rolled the deployment of ${service} back and does not tell to what`,
    'Look at the service; allow ecs:DescribeServiceRevisions, which tells it.',
  )
}

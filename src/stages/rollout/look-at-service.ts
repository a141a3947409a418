import { ActionError } from '../../core/errors/action-error.ts'
import { describePlace } from '../../core/faults/ecs-fault.ts'
import {
  readServiceDeploymentBriefs,
  readServiceView,
  type Observation,
  type ServiceDeploymentBrief,
  type ServiceView,
} from '../../core/rollout/observation/observation.ts'
import type { ServiceDeploymentRecord } from '../../core/rollout/observation/service-deployment-record.ts'
import { deadlineOf, type Rollout } from './rollout.ts'
import type { ReadLimit } from '../../ports/ecs.ts'
import { findService, nameOf } from '../aws/find-service.ts'

/** A look may take so long beyond the deadline, whatever stalls in it. */
const lateByMs = 10_000
/** What is not known where no record can be read. */
export const withoutRecord =
  'rollbacks and newer deployments are told from the service alone, stages and pauses not at all'
/** The same, with what to allow. */
export const withoutPermission = `${withoutRecord}; allow ecs:ListServiceDeployments and ecs:DescribeServiceDeployments`

/** Reads the record of our deployment beside the service. */
export type ReadRecord = (
  service: Promise<ServiceView>,
) => Promise<ServiceDeploymentRecord | undefined>

/**
 * One look at the service, and at our deployment's record where `readRecord` is given.
 * @throws AwsFailure, ActionError
 */
export async function lookAtService(
  rollout: Rollout,
  readRecord?: ReadRecord,
): Promise<Observation> {
  const { clock } = rollout.ports
  const seen = describeService(rollout)
  const [service, record] = await Promise.all([seen, readRecord?.(seen)])
  const stopped = record?.status === 'STOPPED' || record?.status === 'STOP_REQUESTED'
  const newer = stopped ? await findNewer(rollout, record) : undefined
  return { atMs: clock.monotonicMs(), service, record, newer }
}

/** How long a call of a look may take. */
export function limitOf(rollout: Rollout): ReadLimit {
  const leftMs = Math.max(0, deadlineOf(rollout) - rollout.ports.clock.monotonicMs())
  return { withinMs: leftMs + lateByMs }
}

async function describeService(rollout: Rollout): Promise<ServiceView> {
  const { plan, session, ports, place } = rollout
  const name = nameOf(plan.current)
  const service = await findService(name, session.ecs, ports.signal, limitOf(rollout))
  if (service !== undefined) return readServiceView(service)
  throw new ActionError(
    'rollout-lost',
    `${describePlace(place)} is not found any more`,
    'Check whether the service was deleted.',
  )
}

/** Compared by ECS's own times. */
async function findNewer(
  rollout: Rollout,
  ours: ServiceDeploymentRecord,
): Promise<ServiceDeploymentBrief | undefined> {
  const briefs = await listDeployments(rollout)
  return briefs.find(
    ({ arn, createdAt }) =>
      arn !== ours.arn &&
      createdAt !== undefined &&
      ours.createdAt !== undefined &&
      createdAt > ours.createdAt,
  )
}

/** The newest deployments of the service. @throws AwsFailure */
export async function listDeployments(
  rollout: Rollout,
): Promise<readonly ServiceDeploymentBrief[]> {
  const { plan, session, optional } = rollout
  const { clusterArn: cluster, serviceName: service } = plan.current
  const input = { cluster, service, maxResults: 10 }
  const answer = await optional.ifAllowed('ListServiceDeployments', withoutPermission, () =>
    session.ecs.listServiceDeployments(input, limitOf(rollout)),
  )
  return answer === undefined ? [] : readServiceDeploymentBriefs(answer)
}

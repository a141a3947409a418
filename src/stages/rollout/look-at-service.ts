import { ActionError } from '../../core/errors/action-error.ts'
import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { describePlace } from '../../core/faults/ecs-fault.ts'
import {
  readServiceDeploymentBriefs,
  readServiceView,
  type Observation,
  type ServiceDeploymentBrief,
  type ServiceView,
} from '../../core/rollout/observation/observation.ts'
import {
  readServiceDeploymentRecord,
  type ServiceDeploymentRecord,
} from '../../core/rollout/observation/service-deployment-record.ts'
import type { Rollout } from './rollout.ts'
import type { ReadLimit } from '../../ports/ecs.ts'
import { listOf } from '../aws/empty-answer.ts'
import { untilAborted } from '../aws/until-aborted.ts'

/** A look may take so long beyond the deadline, whatever stalls in it. */
const lateByMs = 10_000
const withoutRecord =
  'rollbacks and newer deployments are told from the service alone, stages and pauses not at all'
const without = `${withoutRecord}; allow ecs:ListServiceDeployments and ecs:DescribeServiceDeployments`

/** When the wait is over. */
export function endOf({ plan, deployment }: Rollout): number {
  return deployment.requestedAtMs + plan.wait.deadlineMs
}

/** One look at the service and at our deployment's record. @throws AwsFailure, ActionError */
export async function lookAtService(
  rollout: Rollout,
  arn: string | undefined,
): Promise<Observation> {
  const { clock } = rollout.ports
  const seen = describeService(rollout)
  const [service, record] = await Promise.all([
    seen,
    arn === undefined ? undefined : describeRecord(rollout, arn, seen),
  ])
  const stopped = record?.status === 'STOPPED' || record?.status === 'STOP_REQUESTED'
  const newer = stopped ? await findNewer(rollout, record) : undefined
  return { atMs: clock.monotonicMs(), service, record, newer }
}

function limitOf(rollout: Rollout): ReadLimit {
  const leftMs = Math.max(0, endOf(rollout) - rollout.ports.clock.monotonicMs())
  return { withinMs: leftMs + lateByMs }
}

async function describeService(rollout: Rollout): Promise<ServiceView> {
  const { plan, session, ports, place } = rollout
  const input = { cluster: plan.current.clusterArn, services: [plan.current.serviceName] }
  const call = () => session.ecs.describeServices(input, limitOf(rollout))
  const [service] = listOf(await untilAborted(call, ports.signal), 'services', 'DescribeServices')
  if (service !== undefined) return readServiceView(service)
  throw new ActionError(
    'rollout-lost',
    `${describePlace(place)} is not found any more`,
    'Look whether somebody deleted the service.',
  )
}

/**
 * ECS calls a record MISSING when it is older than 90 days (API reference, ServiceDeployment), and
 * perhaps when it is too young: that is believed as late as no answer is.
 * @param service The look beside it: where ECS does not show the service, either, nothing is said
 * against the record.
 */
async function describeRecord(
  rollout: Rollout,
  arn: string,
  service: Promise<ServiceView>,
): Promise<ServiceDeploymentRecord | undefined> {
  const { session, optional } = rollout
  const operation = 'DescribeServiceDeployments'
  try {
    return await optional.ifAllowed(operation, without, async () => {
      const input = { serviceDeploymentArns: [arn] }
      const answer = await session.ecs.describeServiceDeployments(input, limitOf(rollout))
      const record = readServiceDeploymentRecord(answer, arn)
      if (record === undefined) throw missingRecord(operation, arn)
      return record
    })
  } catch (error) {
    if (!(error instanceof AwsFailure) || error.credentialsGone) throw error
    await service
    if (!optional.goWithout(operation, withoutRecord, error)) throw error
    return undefined
  }
}

function missingRecord(operation: string, arn: string): AwsFailure {
  const message = `ECS has no record of ${arn}`
  return new AwsFailure({ service: 'ECS', operation, code: 'MISSING', message, httpStatus: 200 })
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
  const answer = await optional.ifAllowed('ListServiceDeployments', without, () =>
    session.ecs.listServiceDeployments(input, limitOf(rollout)),
  )
  return answer === undefined ? [] : readServiceDeploymentBriefs(answer)
}

import { deploymentOf, type Observation, type ServiceEvent } from '../observation/observation.ts'
import type { Task } from '../observation/stopped-tasks.ts'
import type { Watched } from '../verdict/watch.ts'
import type { RolloutEnd } from './time-spans.ts'
import { completionTold, mostEvents, rollbackTold } from './told-times.ts'

/** From when to when a rollout went, by AWS's clock alone. */
export interface RolloutPeriod {
  readonly beganAt: Date
  /** Undefined: it goes on, or AWS has not told its end. */
  readonly endedAt: Date | undefined
  readonly end: RolloutEnd
  readonly rollbackBeganAt: Date | undefined
  /** Those of the service in that time, the latest first. */
  readonly events: readonly ServiceEvent[]
}

/**
 * @param made Knows the beginning of a deployment that the service does not list any more.
 * @returns undefined where AWS does not tell the beginning, or has forgotten events since then.
 */
export function periodOf(
  { service, record }: Observation,
  { deploymentId, previousDeploymentId }: Watched,
  made: { readonly createdAt?: Date | undefined } | undefined,
): RolloutPeriod | undefined {
  const listed = deploymentOf(service, deploymentId)
  const beganAt = record?.createdAt ?? listed?.createdAt ?? made?.createdAt
  const oldest = service.events.at(-1)
  if (beganAt === undefined) return undefined
  if (service.events.length >= mostEvents && oldest !== undefined && oldest.at > beganAt) {
    return undefined
  }
  const since = service.events.filter(({ at }) => at >= beganAt)
  const told = completionTold(since, deploymentId)
  const rollbackBeganAt = record === undefined ? rollbackTold(since) : record.rollbackStartedAt
  const complete =
    record === undefined
      ? told !== undefined && rollbackBeganAt === undefined
      : record.status === 'SUCCESSFUL'
  const returned = rollbackBeganAt && completionTold(since, previousDeploymentId ?? '')
  const endedAt = record?.finishedAt ?? (complete ? told : returned)
  return {
    ...{ beganAt, endedAt, rollbackBeganAt },
    end: endedAt === undefined ? 'under-way' : complete ? 'complete' : 'cut-short',
    events: since.filter(({ at }) => endedAt === undefined || at <= endedAt),
  }
}

/** The latest time that AWS told of a rollout: of its events, tasks and deployment. */
export function lastTold(
  { beganAt, events }: RolloutPeriod,
  { service, record }: Observation,
  deploymentId: string,
  tasks: readonly Task[],
): Date {
  const told = [
    beganAt,
    record?.updatedAt,
    deploymentOf(service, deploymentId)?.updatedAt,
    ...events.map(({ at }) => at),
    ...tasks.flatMap(stepsOf),
  ]
  return new Date(Math.max(...told.flatMap((at) => at?.getTime() ?? [])))
}

function stepsOf({ startedAt, times }: Task): readonly (Date | undefined)[] {
  const { createdAt, pullStartedAt, pullStoppedAt, stoppingAt, endedAt } = times ?? {}
  return [createdAt, pullStartedAt, pullStoppedAt, startedAt, stoppingAt, endedAt]
}

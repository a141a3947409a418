import { primaryOf, type ServiceView } from '../observation/observation.ts'
import { failureKind, type Task } from '../observation/stopped-tasks.ts'

/** Two good looks must be at least this far apart. */
export const unchangedLooksApartMs = 4_000

/** A failure that is younger than this says that the service is not well. */
const recentFailureMs = 5 * 60_000

/**
 * What keeps a service that runs our definition already from being called unchanged and well.
 * @param tasks Of the deployment, running and stopped; empty where ECS does not let us read them.
 * @param now ECS's time or ours; only minutes matter.
 * @returns undefined where nothing does, in this look.
 */
export function whyNotWell(
  service: ServiceView,
  tasks: readonly Task[],
  now: Date,
): string | undefined {
  const primary = primaryOf(service)
  if (primary === undefined) return 'the service has a PRIMARY deployment'
  if (primary.rolloutState !== undefined && primary.rolloutState !== 'COMPLETED') {
    return 'the rollout state of the deployment is COMPLETED'
  }
  if (service.runningCount < service.desiredCount) return 'all tasks of the service are running'
  const failed = tasks.find(
    (task) =>
      task.startedBy === primary.id &&
      failureKind(task) !== undefined &&
      task.stoppedAt !== undefined &&
      now.getTime() - task.stoppedAt.getTime() < recentFailureMs,
  )
  return failed === undefined ? undefined : 'no task has failed in the last 5 minutes'
}

import { nameHook } from '../observation/lifecycle-hook.ts'
import { deploymentOf, type Observation, type ServiceEvent } from '../observation/observation.ts'
import type { ServiceDeploymentRecord } from '../observation/service-deployment-record.ts'
import { describeStep } from '../observation/traffic-shift.ts'

/** The lines about what changed between two looks, and the events that were told with them. */
export interface Progress {
  /** Ours: facts. */
  readonly lines: readonly string[]
  /** ECS's: untrusted texts, oldest first. */
  readonly events: readonly ServiceEvent[]
}

/**
 * What is new since `previous`. Events are told once, by id, and only from our deployment on: both
 * times are ECS's own, so that no local clock decides.
 * @param seenCreatedAt When an earlier look showed that ECS created it; the service may list it no
 * more.
 */
export function describeProgress(
  deploymentId: string,
  previous: Observation | undefined,
  current: Observation,
  toldEvents: ReadonlySet<string>,
  seenCreatedAt?: Date,
): Progress {
  const before = previous === undefined ? [] : facts(deploymentId, previous)
  const lines = facts(deploymentId, current).filter((fact) => !before.includes(fact))
  const since = deploymentOf(current.service, deploymentId)?.createdAt ?? seenCreatedAt
  const events = current.service.events
    .filter(({ id, at }) => !toldEvents.has(id) && since !== undefined && at >= since)
    .reverse()
  return { lines, events }
}

function facts(deploymentId: string, { service, record }: Observation): readonly string[] {
  const lines: string[] = []
  const ours = deploymentOf(service, deploymentId)
  if (ours !== undefined) {
    const old = service.deployments
      .filter(({ id }) => id !== deploymentId)
      .reduce((sum, { runningCount }) => sum + runningCount, 0)
    const pending = ours.pendingCount > 0 ? `, ${ours.pendingCount} starting` : ''
    const failed = ours.failedTasks > 0 ? `, ${ours.failedTasks} failed` : ''
    const draining = old > 0 ? `; ${old} of the old still running` : ''
    lines.push(
      `${ours.runningCount} of ${ours.desiredCount} new tasks running${pending}${failed}${draining}`,
    )
  }
  if (record !== undefined) {
    const stage = record.lifecycleStage === undefined ? '' : `, stage ${record.lifecycleStage}`
    lines.push(`service deployment: ${record.status}${stage}`, ...stageFacts(record))
    if (record.breakerFailures > 0) {
      lines.push(
        `circuit breaker: ${record.breakerFailures} of ${record.breakerThreshold} failures counted`,
      )
    }
  } else if (ours?.rolloutState !== undefined) {
    lines.push(`rollout state: ${ours.rolloutState}`)
  }
  return lines
}

/** What a stage is about: where the traffic goes, what its hooks do, how long it bakes. */
function stageFacts(record: ServiceDeploymentRecord): readonly string[] {
  const { target, hooks, shift, lifecycleStage } = record
  const lines: string[] = []
  const { testTraffic, productionTraffic } = target
  if (testTraffic !== undefined && productionTraffic !== undefined) {
    const step = describeStep(shift, productionTraffic)
    lines.push(
      `the new tasks get ${productionTraffic} % of the traffic${step === undefined ? '' : ` (${step})`}, ${testTraffic} % of the test traffic`,
    )
  }
  for (const hook of hooks) {
    lines.push(`${nameHook(hook)} at stage ${lifecycleStage ?? 'unknown'}: ${hook.status ?? ''}`)
  }
  if (lifecycleStage === 'BAKE_TIME' && !record.rollingBack) {
    lines.push(`both revisions run for the bake time of ${shift.bakeMs / 60_000} min`)
  }
  return lines
}

import { rememberTasks, type TaskHistory } from '../../core/rollout/verdict/fail-fast.ts'
import { describeGuards } from '../../core/rollout/evidence/guard-evidence.ts'
import { deploymentOf, type Observation } from '../../core/rollout/observation/observation.ts'
import { reasonOf } from '../../core/rollout/evidence/rollout-error.ts'
import type { RunningImage } from '../../core/rollout/observation/running-images.ts'
import type { Evidence } from '../../core/rollout/evidence/service-outcome.ts'
import { failureKind, groupStoppedTasks } from '../../core/rollout/observation/stopped-tasks.ts'
import {
  describeTargets,
  groupUnhealthy,
  targetsInEvents,
} from '../../core/rollout/observation/target-health.ts'
import { readLogLines } from './read-log-lines.ts'
import { readTargetHealth } from './read-target-health.ts'
import { readTasksOf } from './read-tasks.ts'
import type { Rollout } from './rollout.ts'

const mostEvents = 20
const mostGroups = 5

/**
 * What is known of why a rollout ended as it did, and tells it in the log. Nothing here can fail
 * the run: what cannot be read is left out, and a missing permission is named once.
 * @param seenCreatedAt When ECS created the deployment, where an earlier look than the latest knows.
 */
export async function collectEvidence(
  rollout: Rollout,
  latest: Observation | undefined,
  history: TaskHistory,
  seenCreatedAt: Date | undefined,
): Promise<Evidence> {
  const [stopped, targets] = await Promise.all([
    readTasksOf(rollout, 'STOPPED'),
    readTargetHealth(rollout),
  ])
  const all = rememberTasks(history, stopped, rollout.checks).stopped
  const failed = [...all.values()].filter((task) => failureKind(task) !== undefined)
  const stoppedTasks = groupStoppedTasks(failed).slice(0, mostGroups)
  const [worst] = stoppedTasks
  const log = worst === undefined ? {} : await readLogLines(rollout, worst)
  const events = latest === undefined ? [] : eventsIn(rollout, latest, seenCreatedAt)
  // Once tasks are gone the load balancer knows nothing of them; ECS's events do.
  const unhealthy = groupUnhealthy(targets)
  const told = groupUnhealthy(targetsInEvents(events.map(({ message }) => message)))
  const evidence: Evidence = {
    reasons: latest === undefined ? [] : reasonsIn(rollout, latest),
    guards: describeGuards(latest?.record),
    ...{ stoppedTasks, events, runningImages: [] },
    targets: (unhealthy.length > 0 ? unhealthy : told).slice(0, mostGroups),
    ...log,
  }
  tell(rollout, evidence)
  return evidence
}

/** Evidence of a rollout that needs no explaining. */
export function evidenceOf(
  rollout: Rollout,
  latest: Observation | undefined,
  runningImages: readonly RunningImage[],
): Evidence {
  const events = latest === undefined ? [] : eventsIn(rollout, latest)
  return { reasons: [], stoppedTasks: [], events, runningImages }
}

function reasonsIn({ deployment }: Rollout, { service, record }: Observation): readonly string[] {
  const ours = deploymentOf(service, deployment.deploymentId)
  const failure = ours?.rolloutState === 'FAILED' ? ours.rolloutStateReason : undefined
  const reasons = [
    record?.rollbackReason ?? '',
    // While it goes on the record only says that it does.
    isUnderWay(record) ? '' : (record?.statusReason ?? ''),
    failure ?? '',
  ]
  return [...new Set(reasons.filter((reason) => reason !== ''))]
}

function isUnderWay(record: Observation['record']): boolean {
  return record?.status === 'PENDING' || record?.status === 'IN_PROGRESS'
}

/**
 * Once it is over ECS lists our deployment no more; its own record stays. Where nobody knows when it
 * began, no event is known to be of it.
 */
function eventsIn(
  { deployment }: Rollout,
  { service, record }: Observation,
  seenCreatedAt?: Date,
): Evidence['events'] {
  const listed = deploymentOf(service, deployment.deploymentId)
  const since = record?.createdAt ?? listed?.createdAt ?? seenCreatedAt
  return service.events
    .filter(({ at }) => since !== undefined && at >= since)
    .slice(0, mostEvents)
    .reverse()
    .map(({ at, message }) => ({ at, message }))
}

/** Reason, guards, stopped tasks, targets, last log lines: in that order. Events were told as they came. */
function tell({ plan, ports: { report } }: Rollout, evidence: Evidence): void {
  for (const reason of evidence.reasons) report.untrusted(`${plan.service}: ECS says: ${reason}`)
  for (const guard of evidence.guards ?? []) report.untrusted(`${plan.service}: ${guard}`)
  for (const group of evidence.stoppedTasks) {
    report.untrusted(
      `${plan.service}: ${group.count} stopped (${group.stopCode}): ${reasonOf(group)}`,
    )
  }
  for (const group of evidence.targets ?? []) {
    report.untrusted(`${plan.service}: ${describeTargets(group)}`)
  }
  if (evidence.logNote !== undefined) report.untrusted(`${plan.service}: ${evidence.logNote}`)
  const lines = evidence.logLines ?? []
  if (lines.length > 0) report.line(`${plan.service}: last lines of the container:`)
  for (const line of lines) report.untrusted(`  ${line}`)
}

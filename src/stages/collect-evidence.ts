import { objectAt, objectsAt, stringAt, type JsonObject } from '../core/json.ts'
import { rememberTasks, type TaskHistory } from '../core/rollout/fail-fast.ts'
import { deploymentOf, type Observation } from '../core/rollout/observation.ts'
import { reasonOf } from '../core/rollout/rollout-error.ts'
import type { RunningImage } from '../core/rollout/running-images.ts'
import type { Evidence, StoppedTaskGroup } from '../core/rollout/service-outcome.ts'
import { failureKind, groupStoppedTasks } from '../core/rollout/stopped-tasks.ts'
import { readTasksOf } from './read-tasks.ts'
import type { Rollout } from './rollout.ts'

const mostEvents = 20
const mostGroups = 5
const usualLogLines = 20

/**
 * What is known of why a rollout ended as it did, and tells it in the log. Nothing here can fail
 * the run: what cannot be read is left out, and a missing permission is named once.
 */
export async function collectEvidence(
  rollout: Rollout,
  latest: Observation | undefined,
  history: TaskHistory,
  runningImages: readonly RunningImage[] = [],
): Promise<Evidence> {
  const stopped = await readTasksOf(rollout, 'STOPPED')
  const all = rememberTasks(history, stopped, rollout.checks).stopped
  const failed = [...all.values()].filter((task) => failureKind(task) !== undefined)
  const stoppedTasks = groupStoppedTasks(failed).slice(0, mostGroups)
  const [worst] = stoppedTasks
  const logLines = worst === undefined ? [] : await readLogLines(rollout, worst)
  const evidence: Evidence = {
    reasons: latest === undefined ? [] : reasonsIn(rollout, latest),
    stoppedTasks,
    events: latest === undefined ? [] : eventsIn(rollout, latest),
    runningImages,
    ...(logLines.length > 0 && { logLines }),
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
  const alarms = record?.triggeredAlarms ?? []
  const failure = ours?.rolloutState === 'FAILED' ? ours.rolloutStateReason : undefined
  const reasons = [
    record?.rollbackReason ?? '',
    // While it goes on the record only says that it does.
    isUnderWay(record) ? '' : (record?.statusReason ?? ''),
    failure ?? '',
    alarms.length > 0 ? `alarms: ${alarms.join(', ')}` : '',
  ]
  return [...new Set(reasons.filter((reason) => reason !== ''))]
}

function isUnderWay(record: Observation['record']): boolean {
  return record?.status === 'PENDING' || record?.status === 'IN_PROGRESS'
}

/** Once it is over ECS lists our deployment no more; its own record stays. */
function eventsIn({ deployment }: Rollout, { service, record }: Observation): Evidence['events'] {
  const listed = deploymentOf(service, deployment.deploymentId)
  const since = record?.createdAt ?? listed?.createdAt
  return service.events
    .filter(({ at }) => since === undefined || at >= since)
    .slice(0, mostEvents)
    .reverse()
    .map(({ at, message }) => ({ at, message }))
}

/** The end of the log of the container that failed worst, where it goes to CloudWatch Logs. */
async function readLogLines(rollout: Rollout, worst: StoppedTaskGroup): Promise<readonly string[]> {
  const { plan, session, deployment, optional, ports } = rollout
  const [container] = worst.containers
  // What a container prints is for those who may read its log, not for the world.
  const isPublic = objectAt(ports.context.event, 'repository')['private'] === false
  const count = plan.wait.logLines ?? (isPublic ? 0 : usualLogLines)
  if (container === undefined || count === 0) return []
  const definition = objectsAt(deployment.revision.definition, 'containerDefinitions').find(
    (each) => stringAt(each, 'name') === container.name,
  )
  const log = awslogsOf(definition ?? {}, session.region)
  if (log === undefined) return []
  const stream = `${log.prefix}/${container.name}/${worst.exampleTaskArn.split('/').at(-1) ?? ''}`
  const lines = await optional.try(
    'logs:GetLogEvents',
    "the container's own last lines cannot be shown",
    () => session.logs.tail(log.group, stream, count),
  )
  return lines ?? []
}

function awslogsOf(
  container: JsonObject,
  region: string,
): { readonly group: string; readonly prefix: string } | undefined {
  const log = objectAt(container, 'logConfiguration')
  const options = objectAt(log, 'options')
  const group = stringAt(options, 'awslogs-group')
  const prefix = stringAt(options, 'awslogs-stream-prefix')
  const here = (stringAt(options, 'awslogs-region') ?? region) === region
  if (stringAt(log, 'logDriver') !== 'awslogs' || !here) return undefined
  return group === undefined || prefix === undefined ? undefined : { group, prefix }
}

/** Reason, stopped tasks, last log lines: in that order. Events were told as they came. */
function tell({ plan, ports: { report } }: Rollout, evidence: Evidence): void {
  for (const reason of evidence.reasons) report.untrusted(`${plan.service}: ECS says: ${reason}`)
  for (const group of evidence.stoppedTasks) {
    report.untrusted(
      `${plan.service}: ${group.count} stopped (${group.stopCode}): ${reasonOf(group)}`,
    )
  }
  const lines = evidence.logLines ?? []
  if (lines.length > 0) report.line(`${plan.service}: last lines of the container:`)
  for (const line of lines) report.untrusted(`  ${line}`)
}

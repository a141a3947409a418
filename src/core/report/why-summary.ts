import type { Evidence } from '../rollout/evidence/service-outcome.ts'
import { nameOfGroup, sayingOf } from '../rollout/observation/target-health.ts'
import { block, literal, table } from './markdown.ts'

/** ECS's reason, guards, stopped tasks, targets, last log lines, events: why a rollout ended red. */
export function renderWhy(evidence: Evidence): string {
  const { reasons, guards = [], logLines = [], logNote } = evidence
  const events = evidence.events.map(({ at, message }) => `${at.toISOString()} ${message}`)
  return [
    reasons.map((reason) => `> ${literal(reason)}`).join('\n>\n'),
    guards.map((guard) => `- ${literal(guard)}`).join('\n'),
    stoppedTasks(evidence),
    unhealthyTargets(evidence),
    logNote === undefined ? '' : literal(logNote),
    logLines.length === 0 ? '' : `Last lines of the container:\n\n${block(logLines)}`,
    events.length === 0
      ? ''
      : `<details><summary>Service events</summary>\n\n${block(events)}\n\n</details>`,
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function stoppedTasks({ stoppedTasks: groups }: Evidence): string {
  const rows = groups.map(({ count, stopCode, reason, containers }) => [
    String(count),
    literal(stopCode),
    literal(reason),
    containers.map(describeContainer).join('<br>'),
  ])
  return rows.length === 0 ? '' : table(['tasks', 'stop code', 'reason', 'containers'], rows)
}

function describeContainer({
  name,
  exitCode,
  reason,
}: Evidence['stoppedTasks'][number]['containers'][number]): string {
  const parts = [name, exitCode === undefined ? '' : `exit ${exitCode}`, reason ?? '']
  return literal(parts.filter((part) => part !== '').join(' '))
}

function unhealthyTargets({ targets = [] }: Evidence): string {
  const rows = targets.map((group) => [
    String(group.count),
    literal(nameOfGroup(group)),
    literal(group.state),
    literal(sayingOf(group)),
  ])
  return rows.length === 0
    ? ''
    : table(['targets', 'target group', 'state', 'the load balancer says'], rows)
}

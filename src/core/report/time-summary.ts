import type { Evidence } from '../rollout/evidence/service-outcome.ts'
import { timeParts, type TimePart } from '../rollout/evidence/time-parts.ts'
import type { TimeSpent } from '../rollout/evidence/time-spent.ts'
import { formatSeconds } from './format.ts'
import { literal, table } from './markdown.ts'

const names: Readonly<Record<TimePart, string>> = {
  rollback: 'rollback',
  provision: 'capacity and network for new tasks',
  pull: 'image pull',
  start: 'container start',
  failing: 'tasks that failed',
  health: 'health checks of new tasks',
  deregistration: 'deregistration delay of old tasks',
  stop: 'old tasks stopping',
  bake: 'bake time',
  other: "ECS's own steps",
}

/** Where the time of a rollout went: the parts add up to the whole; advice where one dominates. */
export function renderTime({ time, timeAdvice }: Evidence): string {
  if (time === undefined) return ''
  const slowest: Readonly<Partial<Record<TimePart, number | undefined>>> = time.slowest
  const rows = timeParts
    .filter((part) => time.parts[part] > 0)
    .map((part) => [nameOf(part, time), formatSeconds(time.parts[part]), longestOf(slowest[part])])
  const total = [`**${wholeOf(time)}**`, `**${formatSeconds(time.totalSeconds)}**`, '']
  return [
    table(['where the time went', 'time', 'slowest task'], [...rows, total]),
    timeAdvice === undefined ? '' : literal(timeAdvice),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function nameOf(part: TimePart, { end, failedTasks }: TimeSpent): string {
  if (part === 'failing')
    return `${failedTasks} ${failedTasks === 1 ? 'task' : 'tasks'} that failed`
  return part === 'other' && end !== 'complete' ? 'not told apart' : names[part]
}

/** AWS's times of a rollout that has not ended may end long before our wait. */
function wholeOf({ end, upTo }: TimeSpent): string {
  if (end !== 'under-way') return 'rollout'
  return `rollout until ${upTo.toISOString().slice(11, 19)} UTC, the last time that AWS told`
}

function longestOf(seconds: number | undefined): string {
  return seconds === undefined ? '' : formatSeconds(seconds)
}

import { formatSeconds } from '../../core/report/format.ts'
import type { Observation } from '../../core/rollout/observation/observation.ts'
import type { Evidence } from '../../core/rollout/evidence/service-outcome.ts'
import type { Task } from '../../core/rollout/observation/stopped-tasks.ts'
import { adviseOnTime } from '../../core/rollout/evidence/time-advice.ts'
import { timeParts } from '../../core/rollout/evidence/time-spent.ts'
import { measureTime } from './measure-time.ts'
import { targetGroupsOf } from './read-target-health.ts'
import type { Rollout } from './rollout.ts'

/** Measures where the time of a complete rollout went, and tells it in one line, with advice. */
export async function tellTime(
  rollout: Rollout,
  latest: Observation | undefined,
  newTasks: readonly Task[],
): Promise<Pick<Evidence, 'time' | 'timeAdvice'>> {
  const { plan, ports } = rollout
  const time = await measureTime(rollout, latest, newTasks)
  if (time === undefined) return {}
  const parts = timeParts
    .filter((part) => time.parts[part] > 0)
    .map((part) => `${part} ${formatSeconds(time.parts[part])}`)
  const total = formatSeconds(time.totalSeconds)
  ports.report.line(`${plan.service}: the rollout took ${total}: ${parts.join(', ')}`)
  const timeAdvice = adviseOnTime(time, targetGroupsOf(rollout).length > 0)
  if (timeAdvice === undefined) return { time }
  ports.report.line(`${plan.service}: ${timeAdvice}`)
  return { time, timeAdvice }
}

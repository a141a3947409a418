import { formatSeconds } from '../../core/report/format.ts'
import type { Evidence } from '../../core/rollout/evidence/service-outcome.ts'
import { adviseOnTime } from '../../core/rollout/evidence/time-advice.ts'
import { timeParts } from '../../core/rollout/evidence/time-parts.ts'
import { measureTime, type Followed } from './measure-time.ts'
import { targetGroupsOf } from './read-target-health.ts'
import type { Rollout } from './rollout.ts'

/** Measures where the time of a rollout went, and tells it in one line, with advice. */
export async function tellTime(
  rollout: Rollout,
  followed: Followed,
): Promise<Pick<Evidence, 'time' | 'timeAdvice'>> {
  const { plan, ports } = rollout
  const time = await measureTime(rollout, followed)
  if (time === undefined) return {}
  const parts = timeParts
    .filter((part) => time.parts[part] > 0)
    .map((part) => `${part} ${formatSeconds(time.parts[part])}`)
  const total = formatSeconds(time.totalSeconds)
  const what =
    time.end === 'under-way'
      ? `the first ${total} of the rollout, as far as AWS's times reach`
      : `the rollout took ${total}`
  ports.report.line(`${plan.service}: ${what}: ${parts.join(', ')}`)
  const timeAdvice = adviseOnTime(time, targetGroupsOf(rollout).length > 0)
  if (timeAdvice === undefined) return { time }
  ports.report.line(`${plan.service}: ${timeAdvice}`)
  return { time, timeAdvice }
}

import { InputErrors, type InputProblem } from '../../errors/action-error.ts'
import type { DeployInputs } from '../../inputs/inputs.ts'
import type { JsonObject } from '../../json.ts'
import { isStaged, readTrafficShift } from '../../rollout/observation/traffic-shift.ts'
import { describeRests, plannedRests, sumMinutes } from '../../rollout/pace/wait-budget.ts'
import { describeWaitUntil } from '../../rollout/verdict/wait-until.ts'
import type { WaitPlan } from './service-plan.ts'

const defaultMinutes = 30

/**
 * Decides how far and how long a deployment is watched.
 * @param configuration `deploymentConfiguration` that the deployment runs under.
 * @throws InputErrors where the service cannot come so far, or not in the time that was given.
 */
export function planWait(
  { waiting, ...deploy }: DeployInputs,
  configuration: JsonObject,
): WaitPlan {
  const { until, onPause } = waiting
  const shift = readTrafficShift(configuration)
  const rests = plannedRests(configuration, until, onPause)
  const { waitMinutes = defaultMinutes + sumMinutes(rests) } = deploy
  const problems: InputProblem[] = []
  if (until.kind !== 'deployed' && !isStaged(shift)) {
    const message = `needs the deployment strategy BLUE_GREEN, LINEAR or CANARY; the service has ${shift.strategy}`
    problems.push({ input: 'wait-until', value: describeWaitUntil(until), message })
  }
  if (deploy.waitForStability && waitMinutes < sumMinutes(rests)) {
    const message = `is less than what the service's deployments rest for: ${describeRests(rests)}`
    problems.push({ input: 'wait-for-minutes', value: String(waitMinutes), message })
  }
  const [first, ...more] = problems
  if (first !== undefined) throw new InputErrors([first, ...more])
  return {
    ...{ awaited: deploy.waitForStability, until, onPause },
    mostMs: waitMinutes * 60_000,
    maxTaskFailures: deploy.maxTaskFailures,
    logLines: deploy.logLines,
  }
}

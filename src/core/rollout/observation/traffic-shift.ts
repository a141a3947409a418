import { numberAt, objectAt, stringAt, type JsonObject } from '../../json.ts'

const minuteMs = 60_000

/** How a service moves its traffic to a new revision (ECS API reference, DeploymentConfiguration). */
export interface TrafficShift {
  /** `ROLLING`, `BLUE_GREEN`, `LINEAR`, `CANARY`; raw. */
  readonly strategy: string
  /** How long both revisions run once all traffic is shifted. */
  readonly bakeMs: number
  /** Percent of the production traffic after each step, in order; 100 alone where it moves at once. */
  readonly steps: readonly number[]
  /** How long ECS rests between two steps. */
  readonly stepBakeMs: number
}

/** Whether deployments of the strategy go through lifecycle stages and can be paused. */
export function isStaged({ strategy }: TrafficShift): boolean {
  return strategy !== 'ROLLING'
}

/** @param configuration `deploymentConfiguration`; AWS's defaults where it is silent. */
export function readTrafficShift(configuration: JsonObject): TrafficShift {
  const strategy = stringAt(configuration, 'strategy') ?? 'ROLLING'
  const bakeMs = (numberAt(configuration, 'bakeTimeInMinutes') ?? 0) * minuteMs
  const linear = objectAt(configuration, 'linearConfiguration')
  const canary = objectAt(configuration, 'canaryConfiguration')
  switch (strategy) {
    case 'LINEAR': {
      const stepMinutes = numberAt(linear, 'stepBakeTimeInMinutes') ?? 6
      const steps = linearSteps(numberAt(linear, 'stepPercent') ?? 10)
      return { strategy, bakeMs, steps, stepBakeMs: stepMinutes * minuteMs }
    }
    case 'CANARY': {
      const canaryMinutes = numberAt(canary, 'canaryBakeTimeInMinutes') ?? 10
      const steps = [numberAt(canary, 'canaryPercent') ?? 5, 100]
      return { strategy, bakeMs, steps, stepBakeMs: canaryMinutes * minuteMs }
    }
    default:
      return { strategy, bakeMs, steps: [100], stepBakeMs: 0 }
  }
}

function linearSteps(percent: number): readonly number[] {
  const count = percent > 0 ? Math.ceil(100 / percent) : 1
  return Array.from({ length: count }, (_, step) => Math.min(100, (step + 1) * percent))
}

/** `step 2 of 10`; undefined where the traffic moves at once, or has not begun to. */
export function describeStep(shift: TrafficShift, productionTraffic: number): string | undefined {
  const done = shift.steps.filter((percent) => percent <= productionTraffic).length
  return shift.steps.length < 2 || done === 0 ? undefined : `step ${done} of ${shift.steps.length}`
}

import { numberMember, objectMember, stringMember } from '../../wire/members.ts'
import type { JsonObject } from '../../wire/service.ts'

/** How a deployment that goes through stages moves the production traffic. */
export interface TrafficShift {
  /** Percent of it after each step; the last is 100. */
  readonly steps: readonly number[]
  /** Between two steps. */
  readonly stepBakeMs: number
}

/** What AWS assumes where the configuration is silent. */
const defaults = { stepPercent: 10, stepMinutes: 6, canaryPercent: 5, canaryMinutes: 10 }

/** @returns undefined for a rolling deployment. */
export function readTrafficShift(configuration: JsonObject): TrafficShift | undefined {
  switch (stringMember(configuration, 'strategy')) {
    case 'BLUE_GREEN':
      return { steps: [100], stepBakeMs: 0 }
    case 'LINEAR': {
      const linear = objectMember(configuration, 'linearConfiguration') ?? {}
      const percent = numberMember(linear, 'stepPercent') ?? defaults.stepPercent
      const minutes = numberMember(linear, 'stepBakeTimeInMinutes') ?? defaults.stepMinutes
      return { steps: equalSteps(percent), stepBakeMs: minutes * 60_000 }
    }
    case 'CANARY': {
      const canary = objectMember(configuration, 'canaryConfiguration') ?? {}
      const percent = numberMember(canary, 'canaryPercent') ?? defaults.canaryPercent
      const minutes = numberMember(canary, 'canaryBakeTimeInMinutes') ?? defaults.canaryMinutes
      return { steps: percent < 100 ? [percent, 100] : [100], stepBakeMs: minutes * 60_000 }
    }
    default:
      return undefined
  }
}

/** The last one is what is left. */
function equalSteps(percent: number): readonly number[] {
  const count = Math.ceil(100 / percent)
  return Array.from({ length: count }, (_, step) => Math.min(100, (step + 1) * percent))
}

import { booleanAt, objectAt, type JsonObject } from '../../json.ts'

/** Who judges the deployment: with a breaker or alarms ECS itself does. */
export interface Guards {
  readonly breaker: boolean
  readonly alarms: boolean
  /** Whether ECS returns to the deployment before when a guard trips. */
  readonly rollback: boolean
}

/** @param configuration `deploymentConfiguration` of the service. */
export function readGuards(configuration: JsonObject): Guards {
  const breaker = objectAt(configuration, 'deploymentCircuitBreaker')
  const alarms = objectAt(configuration, 'alarms')
  const breakerOn = booleanAt(breaker, 'enable') === true
  const alarmsOn = booleanAt(alarms, 'enable') === true
  return {
    breaker: breakerOn,
    alarms: alarmsOn,
    rollback:
      (breakerOn && booleanAt(breaker, 'rollback') === true) ||
      (alarmsOn && booleanAt(alarms, 'rollback') === true),
  }
}

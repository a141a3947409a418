import type { Behaviour } from '../../../simulator/ecs/drivers/behaviour.ts'
import type { EcsOptions } from '../../../simulator/ecs/ecs.ts'
import type { ImageResolver } from '../../../simulator/ecs/image-resolver.ts'
import type { JsonObject } from '../../../simulator/wire/service.ts'

import { deploy, until, web } from './deploys.ts'
import { objects, type Stage } from './stage.ts'

/** One way a rollout can go, from a stable `web:1` of two tasks on. */
export interface Scenario {
  readonly number: number
  readonly what: string
  /** What the tasks of `web:2` do. */
  readonly tasks?: Behaviour
  readonly options?: Partial<EcsOptions>
  /** The service's settings when it is made. */
  readonly settings?: JsonObject
  /** What happens, up to the end that the rest describes. */
  readonly play: (set: Stage) => Promise<void>
  /** The statuses of all service deployments, newest first. */
  readonly records: readonly string[]
  /** A look at the service at the end. */
  readonly ends: readonly unknown[]
  /** What else is true at the end. */
  readonly also?: (set: Stage) => Promise<void>
}

export const configured = (deploymentConfiguration: JsonObject): JsonObject => ({
  deploymentConfiguration,
})
export const breaker = (rollback: boolean): JsonObject => ({
  deploymentCircuitBreaker: { enable: true, rollback },
})
export const alarms = { alarmNames: ['errors'], enable: true, rollback: true }
export const early = {
  earlySuccessCriteria: {
    ...{ enable: true, healthyPercent: 50, sourceServiceRevisionCleanup: 'DEFERRED' },
  },
}
export const functionArn = 'arn:aws:lambda:eu-west-1:123456789012:function:check'
export const hook = (targetType: string, action = 'ROLLBACK'): JsonObject => ({
  ...{ targetType, lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'] },
  ...(targetType === 'AWS_LAMBDA' && { hookTargetArn: functionArn }),
  timeoutConfiguration: { timeoutInMinutes: 5, action },
})
export const blueGreen = { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0 }
export const unpullable: Behaviour = { failsToPull: 'CannotPullContainerError: web:2: not found' }
export const crashing: Behaviour = { exitsAfterMs: 2_000, exitCode: 1 }
export const slow: Behaviour = { pullMs: 3_600_000 }

export const newest = async (set: Stage): Promise<JsonObject> => (await set.records())[0] ?? {}
export const deployAndWait = async (set: Stage): Promise<void> => {
  await deploy(set)
  set.seconds(300)
}
export const deployWithHook = async (set: Stage, lifecycleHook: JsonObject): Promise<void> => {
  await deploy(set, configured({ lifecycleHooks: [lifecycleHook] }))
  await until(set, async () => objects((await newest(set))['lifecycleHookDetails']).length > 0)
}
export const goOn = async (set: Stage, action: string): Promise<void> => {
  const { serviceDeploymentArn = '', lifecycleHookDetails } = await newest(set)
  const hookId = objects(lifecycleHookDetails)[0]?.['hookId'] ?? ''
  await set.ask('ContinueServiceDeployment', { serviceDeploymentArn, hookId, action })
  set.seconds(120)
}
export const stopNewest = async (set: Stage): Promise<string> => {
  const { serviceDeploymentArn = '' } = await newest(set)
  return set.refusal('StopServiceDeployment', { serviceDeploymentArn })
}
export const digestOf = (push: number): string => `sha256:${String(push).repeat(64)}`
/** A tag that means another image each time it is resolved. */
export function movingTag(): ImageResolver {
  let push = 0
  return {
    resolve: () => {
      push += 1
      return Promise.resolve({ digest: digestOf(push), platforms: ['linux/amd64'] })
    },
  }
}
export const force = { ...web, forceNewDeployment: true }

export const stable = ['PRIMARY COMPLETED web:2 2/2']
export const returned = ['PRIMARY COMPLETED web:1 2/2']
export const twoGood = ['SUCCESSFUL', 'SUCCESSFUL']
export const rolledBack = ['ROLLBACK_SUCCESSFUL', 'SUCCESSFUL']

import type { JsonObject } from '../../src/core/json.ts'
import type { WaitUntil } from '../../src/core/rollout/verdict/wait-until.ts'
import { EcsWorld, type WorldOptions } from './ecs-world.ts'
import type { OnPause, WaitingInputs } from '../../src/core/inputs/deploy/waiting.ts'

/**
 * The world with a service that deploys blue/green and bakes for five minutes. Its first deployment
 * is complete, without the hooks and the bake of `configuration`.
 */
export async function createBlueGreenWorld(
  configuration: JsonObject = {},
  options: WorldOptions = {},
): Promise<EcsWorld> {
  const deploymentConfiguration = { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0 }
  const service = { deploymentConfiguration, ...options.service }
  const world = await EcsWorld.create({ ...options, service })
  await world.call('UpdateService', {
    ...{ cluster: 'prod', service: 'web' },
    deploymentConfiguration: { bakeTimeInMinutes: 5, ...configuration },
  })
  return world
}

/** A PAUSE hook. */
export const pauseAt = (...lifecycleStages: readonly string[]): JsonObject => ({
  targetType: 'PAUSE',
  lifecycleStages,
})

export const lambdaArn = 'arn:aws:lambda:us-east-1:123456789012:function:smoke-test'

/** A Lambda hook. */
export const lambdaAt = (...lifecycleStages: readonly string[]): JsonObject => ({
  targetType: 'AWS_LAMBDA',
  hookTargetArn: lambdaArn,
  roleArn: 'arn:aws:iam::123456789012:role/hooks',
  lifecycleStages,
})

/** The inputs that say how far to wait and what to do at a pause. */
export const waiting = (
  onPause: OnPause,
  until: WaitUntil = { kind: 'deployed' },
): { readonly waiting: WaitingInputs } => ({ waiting: { until, onPause } })

import { AwsFailure } from '../../core/errors/aws-failure.ts'
import type { EcsPlace } from '../../core/faults/ecs-fault.ts'
import { explainEcs } from '../../core/faults/ecs.ts'
import { untilAborted } from './until-aborted.ts'

/** Makes an ECS call whose failure names the place. @throws ActionError, or the signal's reason. */
export async function askEcs<T>(
  place: EcsPlace,
  signal: AbortSignal,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await untilAborted(call, signal)
  } catch (error) {
    throw error instanceof AwsFailure ? explainEcs(error, place) : error
  }
}

import type { JsonObject } from '../../core/json.ts'
import type { CurrentService } from '../../core/rollout/observation/current-service.ts'
import type { Ecs, ReadLimit } from '../../ports/ecs.ts'
import { listOf } from './empty-answer.ts'
import { untilAborted } from './until-aborted.ts'

/** A service, and its cluster by name or ARN. */
export interface ServiceName {
  readonly cluster: string
  readonly service: string
}

/** How ECS itself names a service that was read. */
export function nameOf({ clusterArn, serviceName }: CurrentService): ServiceName {
  return { cluster: clusterArn, service: serviceName }
}

/**
 * One service as DescribeServices tells of it.
 * @returns undefined where it is not there.
 * @throws AwsFailure, also for an answer that says nothing; or the signal's reason.
 */
export async function findService(
  { cluster, service }: ServiceName,
  ecs: Pick<Ecs, 'describeServices'>,
  signal: AbortSignal,
  limit?: ReadLimit,
): Promise<JsonObject | undefined> {
  const call = () => ecs.describeServices({ cluster, services: [service] }, limit)
  return listOf(await untilAborted(call, signal), 'services', 'DescribeServices')[0]
}

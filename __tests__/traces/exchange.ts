import type { Exchange, Trace } from '../../simulator/traces/trace.ts'
import type { Json, JsonObject } from '../../simulator/wire/service.ts'

/** An exchange of ECS that succeeded. */
export function ecsExchange(
  operation: string,
  request: JsonObject,
  response: Json,
  status = 200,
): Exchange {
  return { atMs: 1, service: 'ecs', operation, request, status, response }
}

/** A trace of one run. */
export function traceOf(...exchanges: readonly Exchange[]): Trace {
  const run = { name: 'first release', commit: 'c0ffee', inputs: {}, outcome: 'deployed' }
  return { format: 1, runs: [{ ...run, digest: 'sha256:1', exchanges }] }
}

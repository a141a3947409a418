import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { parseJson } from '../../simulator/wire/json.ts'
import { readTrace, type Exchange, type Trace } from '../../simulator/traces/trace.ts'

/** The planned runs against the simulator; made anew by record-fixture.ts. */
export const fixture: Trace = readTrace(
  readFileSync(join(import.meta.dirname, 'simulator.trace'), 'utf8'),
)

/** `trace` with every answer of `operation` changed, that of a failed call as well. */
export function withAnswers(
  trace: Trace,
  operation: string,
  change: (body: string) => string,
): Trace {
  const changed = (exchange: Exchange): Exchange =>
    exchange.operation === operation
      ? { ...exchange, response: parseJson(change(JSON.stringify(exchange.response))) }
      : exchange
  return {
    format: 1,
    runs: trace.runs.map((run) => ({ ...run, exchanges: run.exchanges.map(changed) })),
  }
}

import { guardTrust } from './core/guards/untrusted-event.ts'
import type { ParsedInputs } from './core/inputs/parse-inputs.ts'
import type { RunEnd } from './core/report/run-end.ts'
import type { Ports } from './ports/ports.ts'
import { authenticate } from './stages/authenticate.ts'
import { carryOut } from './stages/carry-out.ts'
import { preflight } from './stages/preflight.ts'

/**
 * From the inputs to the end of the run.
 * @throws ActionError where the run ends before a service was updated.
 */
export async function runPipeline({ inputs, region }: ParsedInputs, ports: Ports): Promise<RunEnd> {
  guardTrust(ports.context, inputs.allowUntrustedEvents)
  const session = await authenticate(inputs, region, ports)
  const plan = await preflight(inputs, session, ports)
  ports.signal.throwIfAborted()
  return carryOut(plan, session, ports)
}

import { toActionError } from './core/errors/action-error.ts'
import { guardTrust } from './core/guards/untrusted-event.ts'
import type { ParsedInputs } from './core/inputs/parse-inputs.ts'
import type { RunEnd } from './core/report/run-end.ts'
import type { Ports } from './ports/ports.ts'
import { authenticate } from './stages/authenticate.ts'
import { carryOut } from './stages/carry-out.ts'
import { preflight } from './stages/preflight.ts'

/**
 * From the inputs to the end of the run. What fails before the plan stands is `refused`: nothing
 * was built or written. What fails after it is `failed`.
 */
export async function runPipeline({ inputs, region }: ParsedInputs, ports: Ports): Promise<RunEnd> {
  let outcome: 'refused' | 'failed' = 'refused'
  try {
    guardTrust(ports.context, inputs.allowUntrustedEvents)
    const session = await authenticate(inputs, region, ports)
    const plan = await preflight(inputs, session, ports)
    ports.signal.throwIfAborted()
    outcome = 'failed'
    return await carryOut(plan, session, ports)
  } catch (error) {
    const told = toActionError(error)
    return {
      outcome: told.code === 'cancelled' ? 'cancelled' : outcome,
      changed: false,
      verified: false,
      error: told,
    }
  }
}

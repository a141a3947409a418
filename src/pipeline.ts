import { guardTrust } from './core/guards/untrusted-event.ts'
import type { ParsedInputs } from './core/inputs/parse-inputs.ts'
import type { RunEnd } from './core/report/run-end.ts'
import type { Ports } from './ports/ports.ts'
import { announceDeployment } from './stages/announce-deployment.ts'
import { authenticate } from './stages/authenticate.ts'
import { authenticateForPulls } from './stages/publish/authenticate-for-pulls.ts'
import { buildLocally } from './stages/publish/build-locally.ts'
import { carryOut } from './stages/carry-out.ts'
import { preflight } from './stages/preflight/preflight.ts'
import { showPlan } from './stages/show-plan.ts'

/**
 * From the inputs to the end of the run.
 * @throws ActionError where the run ends before a service was updated.
 */
export async function runPipeline({ inputs, region }: ParsedInputs, ports: Ports): Promise<RunEnd> {
  // What nobody outside can use needs no trust; credentials it gets for pulls alone, and only trusted.
  if (inputs.mode === 'release' && inputs.publish === undefined) {
    return await buildLocally(inputs, ports, await authenticateForPulls(inputs, region, ports))
  }
  guardTrust(ports.context, inputs.allowUntrustedEvents)
  const session = await authenticate(inputs, region, ports)
  const plan = await preflight(inputs, session, ports)
  ports.signal.throwIfAborted()
  if (inputs.dryRun) return await showPlan(plan, session, ports)
  const { environment } = inputs.gitHub
  return announceDeployment(environment, plan, ports, () => carryOut(plan, session, ports))
}

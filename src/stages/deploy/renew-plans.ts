import type { PushedImage } from '../../core/image/image.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import type { PlannedRevision } from '../task/run-task-beside.ts'
import { awaitActiveDeployments } from './await-active-deployment.ts'
import { registerTaskDefinition } from './register-task-definition.ts'

/**
 * The plans upon the services as they are by now: for use where something came in between that takes
 * its time, a rollout or a task. A revision stands, unless it was made of the service's own
 * definition and the service has another one since.
 * @throws ActionError `deployment-active` where deployments are in the way by now, and stay there;
 * or where a revision could not be registered.
 */
export async function renewPlans(
  planned: readonly PlannedRevision[],
  image: PushedImage | undefined,
  session: AwsSession,
  ports: Pick<Ports, 'clock' | 'context' | 'files' | 'report' | 'signal'>,
): Promise<readonly PlannedRevision[]> {
  const plans = planned.map(([plan]) => plan)
  const admitted = await awaitActiveDeployments(plans, image, session, ports)
  const renewed: PlannedRevision[] = []
  for (const [i, [before, revision]] of planned.entries()) {
    const plan = admitted[i] ?? before
    const stands = plan.source === before.source
    const again = () => registerTaskDefinition(plan, image, session, ports)
    renewed.push([plan, stands ? revision : await again()])
  }
  return renewed
}

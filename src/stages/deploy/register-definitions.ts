import type { PushedImage } from '../../core/image/image.ts'
import type { DefinitionPlan } from '../../core/plan/service/service-plan.ts'
import type { RunEnd } from '../../core/report/run-end.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { registerTaskDefinition } from './register-task-definition.ts'

/**
 * The end of a run with a task definition and no service: its revision is there, new or found the
 * same, and nothing runs it yet.
 * @throws ActionError
 */
export async function registerDefinitions(
  plans: readonly DefinitionPlan[],
  image: PushedImage | undefined,
  session: AwsSession,
  ports: Pick<Ports, 'clock' | 'context' | 'files' | 'report' | 'signal'>,
): Promise<RunEnd> {
  const { report } = ports
  let changed = false
  await report.phase('register', 'Registering the task definition', async () => {
    for (const plan of plans) {
      const revision = await registerTaskDefinition(plan, image, session, ports)
      changed ||= revision.registered
      report.record({ taskDefinitionArn: revision.arn })
    }
  })
  report.line('nothing runs it yet, so no digest was compared')
  return { outcome: 'registered', changed, verified: false, error: undefined }
}

import type { PushedImage } from '../../core/image/image.ts'
import { isDigest } from '../../core/image/digest.ts'
import type { RunPlan } from '../../core/plan/plan.ts'
import type { RunEnd } from '../../core/report/run-end.ts'
import { compareImages } from '../../core/rollout/observation/running-images.ts'
import type { ObservedTask } from '../../core/tasks/observed-task.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { registerTaskDefinition } from '../deploy/register-task-definition.ts'
import { runTask } from './run-task.ts'

/**
 * Runs a one-off task and nothing else.
 * @throws ActionError where its revision could not be registered, or the run was cancelled.
 */
export async function runAlone(
  { definition, task, image }: RunPlan,
  session: AwsSession,
  ports: Pick<Ports, 'clock' | 'context' | 'files' | 'report' | 'signal'>,
): Promise<RunEnd> {
  const { report } = ports
  const revision = await report.phase('register', 'Registering the task definition', () =>
    registerTaskDefinition(definition, image, session, ports),
  )
  report.record({ taskDefinitionArn: revision.arn })
  const end = await runTask(task, revision, session, ports)
  // No service is another than before, whatever the task did.
  const common = { outcome: end.outcome, changed: false }
  if (end.outcome !== 'ran') return { ...common, verified: false, error: end.error }
  if (image === undefined) {
    report.line('no image was deployed, so no digest was compared')
    return { ...common, verified: false, error: undefined }
  }
  const verified = ranOurs(end.task, definition.containerNames, image)
  if (!verified) report.warning('ECS does not show the digest that the task ran: not verified')
  return { ...common, verified, error: undefined }
}

function ranOurs(
  { containers }: ObservedTask,
  names: readonly string[],
  image: PushedImage,
): boolean {
  const ran = containers.flatMap(({ name, imageDigest: digest }) =>
    digest !== undefined && isDigest(digest) ? [{ container: name, digest }] : [],
  )
  return compareImages(ran, names, image) === 'ours'
}

import { ActionError } from '../../core/errors/action-error.ts'
import { InDoubt } from '../../core/errors/in-doubt.ts'
import { describePlace } from '../../core/faults/ecs-fault.ts'
import type { ContinuePlan } from '../../core/plan/plan.ts'
import type { ServiceOutcome } from '../../core/rollout/evidence/service-outcome.ts'
import { unfollowedDeployment } from '../../core/rollout/evidence/unfollowed-service.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { answerHook } from '../rollout/answer-hook.ts'
import { awaitRollout } from '../rollout/await-rollout.ts'

type ContinuePorts = Pick<Ports, 'clock' | 'context' | 'report' | 'signal'>

/**
 * Answers the pause, then follows the deployment to its end. A rollback that was asked for and has
 * landed is `reverted`: what was wanted.
 * @throws ActionError where the pause could not be answered.
 */
export async function continueDeployment(
  plan: ContinuePlan,
  session: AwsSession,
  ports: ContinuePorts,
): Promise<ServiceOutcome> {
  const { report } = ports
  const { serviceArn } = plan.watch.current
  const { revision, deploymentId, previousTaskDefinitionArn, brief } = plan.deployment
  report.record({
    ...{ serviceArn, deploymentId, previousTaskDefinitionArn, taskDefinitionArn: revision.arn },
    ...(brief !== undefined && { deploymentArn: brief.arn }),
  })
  const outcome = await answerAndFollow(plan, session, ports)
  const reverted = plan.action === 'ROLLBACK' && outcome.outcome === 'rolled-back'
  const told: ServiceOutcome = reverted
    ? { ...outcome, outcome: 'reverted', error: undefined }
    : outcome
  report.record({ services: [told] })
  return told
}

async function answerAndFollow(
  plan: ContinuePlan,
  session: AwsSession,
  ports: ContinuePorts,
): Promise<ServiceOutcome> {
  const { watch, image } = plan
  const { report } = ports
  const deployment = { ...plan.deployment, requestedAtMs: ports.clock.monotonicMs() }
  try {
    await report.phase('update', `Answering the pause of ${watch.service}`, () =>
      sendAnswer(plan, session, ports),
    )
  } catch (error) {
    if (!(error instanceof InDoubt)) throw error
    report.record({ updated: true })
    return unfollowedDeployment(watch, deployment, error.cause)
  }
  report.record({ updated: true })
  return await report.phase('rollout', `Following ${watch.service}`, () =>
    awaitRollout({ plan: watch, deployment, image, session, ports }),
  )
}

async function sendAnswer(
  { watch, deployment, hookId, action }: ContinuePlan,
  session: AwsSession,
  ports: ContinuePorts,
): Promise<void> {
  const place = { region: session.region, cluster: watch.cluster, service: watch.service }
  const deploymentArn = deployment.brief?.arn ?? ''
  ports.report.begin()
  const answer = { deploymentArn, hookId, action }
  const result = await answerHook(answer, place, session, ports)
  if (result.kind === 'answered') {
    ports.report.line(`${watch.service}: answered ${action} to pause hook ${hookId}`)
    return
  }
  throw new ActionError(
    'pause-not-found',
    `ECS takes no answer to pause hook "${hookId}" of ${describePlace(place)}: ${result.why}`,
    'Look at the service: somebody else may have answered it, it may have run into its time-out, or the deployment is over.',
  )
}

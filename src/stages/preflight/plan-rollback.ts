import { ActionError } from '../../core/errors/action-error.ts'
import { describePlace } from '../../core/faults/ecs-fault.ts'
import type { DeployInputs, Inputs } from '../../core/inputs/inputs.ts'
import { stringAt } from '../../core/json.ts'
import type { RevertPlan, RollbackPlan } from '../../core/plan/plan.ts'
import { chooseRollbackTarget } from '../../core/plan/service/rollback.ts'
import type { ServicePlan, TaskDefinitionSource } from '../../core/plan/service/service-plan.ts'
import { describeActive } from '../../core/rollout/verdict/active-deployment.ts'
import { pinnedImages, type ExpectedImages } from '../../core/rollout/verdict/expected-images.ts'
import { noChanges } from '../../core/task-definition/changes/no-changes.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { hasCompletedBefore } from './check-return.ts'
import { inspectActiveDeployment } from './inspect-active-deployment.ts'
import { inspectServices } from './inspect-services.ts'
import { Objections } from './objections.ts'
import { describeDefinition } from './read-definition.ts'
import { readDeploymentHistory } from './read-deployment-history.ts'

/** What a rollback touches of the world. */
export type RevertPorts = Pick<Ports, 'clock' | 'context' | 'files' | 'report' | 'signal'>

/** Decides for each service where it returns to. @throws ActionError where one has nowhere to go. */
export async function planRollback(
  { deploy }: Pick<Inputs, 'deploy'>,
  session: AwsSession,
  ports: RevertPorts,
): Promise<RollbackPlan> {
  const { choice } = deploy.taskDefinition
  const asked =
    choice.kind === 'revision' && choice.region !== undefined
      ? await describeDefinition(choice.revision, session, ports)
      : undefined
  const plans = await inspectServices(plainly(deploy), undefined, session, ports)
  const objections = new Objections()
  const reverts = await Promise.all(
    plans.map((plan) => objections.collect(planRevert(plan, asked, session, ports))),
  )
  objections.raise()
  return {
    mode: 'rollback',
    reverts: reverts.filter((revert) => revert !== undefined),
    deployOrder: deploy.deployOrder,
  }
}

/** A rollback changes nothing of the definition that it returns to, and nothing of the service. */
function plainly(deploy: DeployInputs): DeployInputs {
  const taskDefinition = { choice: { kind: 'service' }, changes: noChanges } as const
  const policies = { ...deploy.policies, onActiveDeployment: 'supersede' } as const
  return { ...deploy, image: undefined, containerNames: [], settings: {}, taskDefinition, policies }
}

/** A deployment that is under way has ECS's own way back; from a complete one we find it. */
async function planRevert(
  plan: ServicePlan,
  asked: TaskDefinitionSource | undefined,
  session: AwsSession,
  ports: RevertPorts,
): Promise<RevertPlan> {
  const active = await inspectActiveDeployment(plan.current, session, ports)
  if (active === undefined || asked !== undefined) {
    if (active !== undefined) {
      ports.report.warning(
        `${plan.service}: ${describeActive(active)} is superseded by the rollback`,
      )
    }
    return { kind: 'update', plan: await planReturn(plan, asked, session, ports) }
  }
  const where = describePlace({ region: session.region, ...plan })
  const { record } = active
  if (record === undefined) {
    throw new ActionError(
      'rollback-impossible',
      `${where} has a deployment under way whose record cannot be read: ${describeActive(active)}`,
      'Allow ecs:ListServiceDeployments and ecs:DescribeServiceDeployments; the record names what is to be stopped.',
    )
  }
  if (active.state !== 'rolling-back' && !(await hasCompletedBefore(plan, session, ports))) {
    throw nowhere(where, 'no deployment of it has completed yet')
  }
  ports.report.line(`${where}: ${describeActive(active)} is under way: ECS rolls it back`)
  return { kind: 'stop', plan, record }
}

/**
 * The plan that brings the service back to `asked`, or to where its history points.
 * @throws ActionError `rollback-impossible`
 */
export async function planReturn(
  plan: ServicePlan,
  asked: TaskDefinitionSource | undefined,
  session: AwsSession,
  ports: RevertPorts,
): Promise<ServicePlan> {
  if (asked !== undefined) return returnTo(plan, asked, [], ports)
  const where = describePlace({ region: session.region, ...plan })
  const history = await readDeploymentHistory(plan.current, plan, session, ports)
  const target = chooseRollbackTarget(plan.currentDefinition.definition, history)
  if (target.kind === 'none') throw nowhere(where, target.why)
  const { arn, createdAt, taskDefinitionArn, images } = target.deployment
  const source = await describeDefinition(taskDefinitionArn, session, ports)
  ports.report.line(
    `${where}: back to ${source.origin}, as deployed at ${createdAt.toISOString()} (${arn})`,
  )
  return returnTo(plan, source, images, ports)
}

function returnTo(
  plan: ServicePlan,
  source: TaskDefinitionSource,
  resolved: ExpectedImages['resolved'],
  { report }: RevertPorts,
): ServicePlan {
  const { definition, origin } = source
  const status = stringAt(definition, 'status') ?? 'ACTIVE'
  if (status !== 'ACTIVE') {
    report.notice(
      `${origin} is ${status}: a copy of it is registered, for ECS deploys no such revision`,
    )
  }
  const expectedImages = { pinned: pinnedImages(definition), resolved }
  // With the service's own definition a restart was planned; a return is not one.
  return { ...plan, source: { ...source, exact: true }, forceNewDeployment: false, expectedImages }
}

function nowhere(where: string, why: string): ActionError {
  return new ActionError(
    'rollback-impossible',
    `${where} has no deployment to roll back to: ${why}`,
    'Name the revision in `task-definition-arn`, or deploy an older image.',
  )
}

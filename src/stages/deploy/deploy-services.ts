import { ActionError, toActionError } from '../../core/errors/action-error.ts'
import { InDoubt } from '../../core/errors/in-doubt.ts'
import type { PushedImage } from '../../core/image/image.ts'
import type { DeployOrder } from '../../core/inputs/deploy/service-settings.ts'
import { isFailure } from '../../core/outcome.ts'
import type { RunTaskPlan } from '../../core/plan/service/run-task-plan.ts'
import type { ServicePlan } from '../../core/plan/service/service-plan.ts'
import type { ServiceOutcome } from '../../core/rollout/evidence/service-outcome.ts'
import {
  unfollowedDeployment,
  unfollowedService,
} from '../../core/rollout/evidence/unfollowed-service.ts'
import type { ServiceDeployment } from '../../core/rollout/observation/service-deployment.ts'
import type { TaskDefinitionRevision } from '../../core/task-definition/revision.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { awaitActiveDeployments } from './await-active-deployment.ts'
import { awaitRollout } from '../rollout/await-rollout.ts'
import { CallTurns } from '../rollout/call-turns.ts'
import { registerTaskDefinition } from './register-task-definition.ts'
import { renewPlans } from './renew-plans.ts'
import { runTaskAfter, runTaskBefore, type PlannedRevision } from '../task/run-task-beside.ts'
import { Rounds } from '../looks/rounds.ts'
import type { TaskOutcome } from '../task/run-task.ts'
import { shareEcs } from '../rollout/share-ecs.ts'
import { updateService } from './update-service.ts'

type DeployPorts = Pick<Ports, 'clock' | 'context' | 'files' | 'report' | 'signal'>

/** The part of a plan that brings services to their revisions. */
export interface ServicesToDeploy {
  readonly services: readonly ServicePlan[]
  readonly deployOrder: DeployOrder
  /** A one-off task before or after them. */
  readonly task?: RunTaskPlan | undefined
}

/**
 * Brings every service to its revision. Revisions are registered one after the other, so that one
 * that two services share is found and not registered twice. Then all services move side by side,
 * and the failure of one does not stop the others; or, in sequence, it does. A one-off task comes
 * before all of them, and nothing is updated where it fails; or after all of them.
 * Where a task or another service took its time before a service, that one is looked at again.
 * @param image Undefined: the task definitions are deployed as they are.
 * @throws ActionError where a deployment is in the way, or a revision could not be registered, before
 * the first update; no service was updated then.
 */
export async function deployServices(
  { services: plans, deployOrder, task }: ServicesToDeploy,
  image: PushedImage | undefined,
  own: AwsSession,
  ports: DeployPorts,
): Promise<Deployed> {
  const { report } = ports
  const turns = new CallTurns(ports)
  const session = plans.length > 1 ? { ...own, ecs: shareEcs(own.ecs, turns, ports) } : own
  const admitted = await awaitActiveDeployments(plans, image, session, ports)
  const registered = await report.phase('register', 'Registering the task definition', () =>
    registerInOrder(admitted, image, session, ports),
  )
  const before = await runTaskBefore(task, registered, session, ports)
  if (before !== undefined && before.outcome !== 'ran') {
    const why = `the task before it ended ${before.outcome}`
    const services = registered.map(([plan, revision]) =>
      unfollowedService(plan, revision, skipped(plan, why), false),
    )
    report.record({ services })
    return { services, task: before }
  }
  const renew: Renew = (planned) => renewPlans(planned, image, session, ports)
  const revisions = before === undefined ? registered : await renew(registered)
  const run: Run = { image, session, ports, turns, rounds: new Rounds(ports.clock) }
  const deploy: Deploy = (plan, revision) => deployService(plan, revision, run)
  const outcomes =
    deployOrder === 'parallel'
      ? await Promise.all(revisions.map(([plan, revision]) => deploy(plan, revision)))
      : await deployInOrder(revisions, deploy, renew, ports)
  report.record({ services: outcomes })
  const after = await runTaskAfter(task, revisions, outcomes, session, ports)
  return { services: outcomes, task: after ?? before }
}

async function registerInOrder(
  plans: readonly ServicePlan[],
  image: PushedImage | undefined,
  session: AwsSession,
  ports: DeployPorts,
): Promise<readonly PlannedRevision[]> {
  const registered: PlannedRevision[] = []
  for (const plan of plans) {
    registered.push([plan, await registerTaskDefinition(plan, image, session, ports)])
  }
  return registered
}

/** What became of the services, and of the task beside them, if one ran. */
export interface Deployed {
  readonly services: readonly ServiceOutcome[]
  readonly task: TaskOutcome | undefined
}

/** What the services of a run share. */
interface Run {
  /** Undefined: the task definitions are deployed as they are. */
  readonly image: PushedImage | undefined
  readonly session: AwsSession
  readonly ports: DeployPorts
  /** With these they stay together within AWS's limits. */
  readonly turns: CallTurns
  readonly rounds: Rounds
}

type Deploy = (plan: ServicePlan, revision: TaskDefinitionRevision) => Promise<ServiceOutcome>
type Renew = (planned: readonly PlannedRevision[]) => Promise<readonly PlannedRevision[]>

/** One service after the other; after the first red one the rest are left as they are. */
async function deployInOrder(
  revisions: readonly PlannedRevision[],
  deploy: Deploy,
  renew: Renew,
  { report }: Pick<Ports, 'report'>,
): Promise<readonly ServiceOutcome[]> {
  const renewed: Deploy = async (plan, revision) => {
    try {
      const [planned] = await renew([[plan, revision]])
      return await deploy(...(planned ?? [plan, revision]))
    } catch (error) {
      return unfollowedService(plan, revision, toActionError(error), false)
    }
  }
  const outcomes: ServiceOutcome[] = []
  for (const [plan, revision] of revisions) {
    const red = outcomes.find(({ outcome, accepted }) => isFailure(outcome) && accepted !== true)
    if (red === undefined) {
      const isFirst = outcomes.length === 0
      outcomes.push(await (isFirst ? deploy : renewed)(plan, revision))
    } else {
      report.line(`${plan.service} is skipped: ${red.service} is ${red.outcome}`)
      const why = `"${red.service}" before it ended ${red.outcome}`
      outcomes.push(unfollowedService(plan, revision, skipped(plan, why), false))
    }
  }
  return outcomes
}

function skipped({ cluster, service }: ServicePlan, why: string): ActionError {
  return new ActionError(
    'service-skipped',
    `service "${service}" in cluster "${cluster}" was left as it is: ${why}`,
    'Correct what that says, and run the job again.',
  )
}

async function deployService(
  plan: ServicePlan,
  revision: TaskDefinitionRevision,
  { image, session, ports, turns, rounds }: Run,
): Promise<ServiceOutcome> {
  const { report } = ports
  const { serviceArn } = plan.current
  report.record({ serviceArn, taskDefinitionArn: revision.arn })
  let deployment: ServiceDeployment
  try {
    await turns.take('updateService')
    deployment = await report.phase('update', `Updating ${plan.service}`, () =>
      updateService(plan, revision, session, ports),
    )
  } catch (error) {
    const doubt = error instanceof InDoubt ? error.cause : undefined
    if (doubt !== undefined) report.record({ updated: true })
    const cause = doubt ?? toActionError(error)
    return unfollowedService(plan, revision, cause, doubt !== undefined)
  }
  const { deploymentId, previousTaskDefinitionArn } = deployment
  const changed = deployment.started || deployment.settingsChanged === true
  report.record({ deploymentId, previousTaskDefinitionArn, ...(changed && { updated: true }) })
  try {
    return await report.phase('rollout', `Following ${plan.service}`, () =>
      awaitRollout({ plan, deployment, image, session, ports, rounds }),
    )
  } catch (error) {
    return unfollowedDeployment(plan, deployment, toActionError(error))
  }
}

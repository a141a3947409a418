import { combineErrors } from '../../core/errors/combine.ts'
import type { Inputs } from '../../core/inputs/inputs.ts'
import { stringAt } from '../../core/json.ts'
import { foundTarget } from '../../core/plan/image/found-target.ts'
import { findMismatch, planDefinition } from '../../core/plan/service/plan-definition.ts'
import type { ImageTarget } from '../../core/plan/image/planned-images.ts'
import type { RunPlan } from '../../core/plan/plan.ts'
import { planRunTask } from '../../core/plan/service/run-task-plan.ts'
import type { TaskDefinitionSource } from '../../core/plan/service/service-plan.ts'
import type { CurrentService } from '../../core/rollout/observation/current-service.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { checkRoles } from './check-roles.ts'
import { findEverywhere } from './find-copies.ts'
import { describeService, sayMoves, withRoleArns } from './inspect-services.ts'
import { Objections } from './objections.ts'
import { describeDefinition, readChosenDefinition } from './read-definition.ts'

/**
 * Finds image and task definition and decides where the task runs: in the place of the first
 * service, where one is given.
 * @throws ActionError telling everything that speaks against it.
 */
export async function planRun(
  inputs: Inputs,
  session: AwsSession,
  ports: Pick<Ports, 'context' | 'files' | 'github' | 'report' | 'signal'>,
): Promise<RunPlan> {
  const { image: wanted } = inputs.deploy
  const objections = new Objections()
  const [image, surroundings] = await Promise.all([
    wanted === undefined
      ? undefined
      : objections.collect(findEverywhere(wanted, inputs.deploy, session, ports)),
    objections.collect(readSurroundings(inputs, session, ports)),
  ])
  if (image !== undefined) ports.report.record({ image })
  const target = image && foundTarget(image, session.region)
  const decided =
    surroundings && objections.attempt(() => decide(inputs, surroundings, target, session))
  if (decided) await objections.collect(checkRoles([decided.definition], session, ports))
  objections.raise()
  if (decided === undefined) throw new TypeError('a preflight read ended without result or error')
  sayMoves(decided.definition, decided.definition.source.origin, ports)
  return { mode: 'run', image, ...decided }
}

/** What the task is made of, and whose place it takes. */
interface Surroundings {
  readonly source: TaskDefinitionSource
  readonly service: CurrentService | undefined
  /** Of the service; undefined where there is none. */
  readonly currentDefinition: TaskDefinitionSource | undefined
}

async function readSurroundings(
  { deploy }: Inputs,
  session: AwsSession,
  ports: Pick<Ports, 'context' | 'files' | 'report' | 'signal'>,
): Promise<Surroundings> {
  const [reference, ...others] = deploy.services
  if (reference !== undefined && others.length > 0) {
    ports.report.line(`the task runs once, in the place of ${reference.service}`)
  }
  const [given, service] = await Promise.all([
    readChosenDefinition(deploy.taskDefinition.choice, session, ports),
    reference && describeService(reference, session, ports),
  ])
  const currentDefinition =
    service && (await describeDefinition(service.taskDefinitionArn, session, ports))
  const source = given ?? currentDefinition
  if (source === undefined) throw new TypeError('neither a task definition nor a service')
  return { source, service, currentDefinition }
}

function decide(
  { deploy, runTask }: Inputs,
  { source, service, currentDefinition }: Surroundings,
  target: ImageTarget | undefined,
  session: AwsSession,
): Pick<RunPlan, 'definition' | 'task'> {
  const own = runTask.launchType ?? (service && stringAt(service.raw, 'launchType'))
  const facts = { source, launchType: own }
  const [mismatch, ...more] = findMismatch(facts, target)
  if (mismatch !== undefined) throw combineErrors([mismatch, ...more])
  const { waitMinutes, logLines } = deploy
  const cluster = service?.clusterArn ?? runTask.cluster
  const basis = { service: service?.raw ?? {}, ...source }
  return {
    definition: {
      ...planDefinition(withRoleArns(deploy, session), facts, target),
      ...(service !== undefined && { current: service }),
      ...(currentDefinition !== undefined && { currentDefinition }),
    },
    task: planRunTask(runTask, { cluster, waitMinutes, logLines }, basis),
  }
}

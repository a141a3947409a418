import { batches } from '../../core/batches.ts'
import { ActionError } from '../../core/errors/action-error.ts'
import { combineErrors } from '../../core/errors/combine.ts'
import { describePlace } from '../../core/faults/ecs-fault.ts'
import type { DeployInputs, ServiceReference } from '../../core/inputs/inputs.ts'
import { objectsAt, stringAt } from '../../core/json.ts'
import type { PlannedImages } from '../../core/plan/image/planned-images.ts'
import { planService } from '../../core/plan/service/plan-service.ts'
import type {
  DefinitionPlan,
  ServicePlan,
  TaskDefinitionSource,
} from '../../core/plan/service/service-plan.ts'
import type { CurrentService } from '../../core/rollout/observation/current-service.ts'
import { readCurrentService } from '../../core/rollout/observation/read-current-service.ts'
import { expandRoles } from '../../core/task-definition/changes/expand-roles.ts'
import { describeMoves } from '../../core/task-definition/changes/merge-variables.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { askEcs } from '../aws/ask-ecs.ts'
import { listOf } from '../aws/empty-answer.ts'
import { describeDefinition, readChosenDefinition } from './read-definition.ts'
import { nameInArn } from '../../core/name-in-arn.ts'

/** DescribeServices takes this many services in one call. */
const servicesPerCall = 10

type InspectPorts = Pick<Ports, 'context' | 'files' | 'report' | 'signal'>

/**
 * Reads everything about the services that a plan needs, and makes the plans. Writes nothing.
 * @param image Undefined: the task definitions are deployed as they are.
 * @returns one plan for each line of `service`, in order.
 * @throws ActionError telling everything wrong with all of them.
 */
export async function inspectServices(
  deploy: DeployInputs,
  image: PlannedImages,
  session: AwsSession,
  ports: InspectPorts,
): Promise<readonly ServicePlan[]> {
  if (deploy.services.length === 0) return []
  const given = await readChosenDefinition(deploy.taskDefinition.choice, session, ports)
  const expanded = withRoleArns(deploy, session)
  const services = await describeServices(deploy.services, session, ports)
  const definitions = new Map<string, Promise<TaskDefinitionSource>>()
  const settled = await Promise.allSettled(
    deploy.services.map(async (reference) => {
      const current = services.get(keyOf(reference))
      if (current === undefined) throw missing(reference, session.region)
      const arn = current.taskDefinitionArn
      const definition = definitions.get(arn) ?? describeDefinition(arn, session, ports)
      definitions.set(arn, definition)
      const facts = {
        ...{ region: session.region, cluster: nameInArn(reference.cluster) },
        ...{ service: current.serviceName, current, given },
        currentDefinition: await definition,
      }
      return planService(expanded, facts, image)
    }),
  )
  ports.signal.throwIfAborted()
  const plans = plansOf(settled)
  for (const plan of plans) {
    sayMoves(plan, plan.service, ports)
  }
  return plans
}

function plansOf(settled: readonly PromiseSettledResult<ServicePlan>[]): readonly ServicePlan[] {
  const reasons = settled.flatMap((each): unknown[] =>
    each.status === 'rejected' ? [each.reason] : [],
  )
  const bug = reasons.find((reason) => !(reason instanceof ActionError))
  if (bug !== undefined) throw new Error('a preflight read failed', { cause: bug })
  const [first, ...more] = reasons.filter((reason) => reason instanceof ActionError)
  if (first !== undefined) throw combineErrors([first, ...more])
  return settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
}

/** With the ARNs of roles that were given by name. */
export function withRoleArns(deploy: DeployInputs, { caller }: AwsSession): DeployInputs {
  const { changes } = deploy.taskDefinition
  const task = expandRoles(changes.task, caller)
  const taskDefinition = { ...deploy.taskDefinition, changes: { ...changes, task } }
  return { ...deploy, taskDefinition }
}

/** One service as it is now. @throws ActionError `service-not-found` */
export async function describeService(
  reference: ServiceReference,
  session: AwsSession,
  ports: InspectPorts,
): Promise<CurrentService> {
  const found = await describeServices([reference], session, ports)
  const current = found.get(keyOf(reference))
  if (current === undefined) throw missing(reference, session.region)
  return current
}

async function describeServices(
  references: readonly ServiceReference[],
  session: AwsSession,
  ports: InspectPorts,
): Promise<ReadonlyMap<string, CurrentService>> {
  const found = new Map<string, CurrentService>()
  const clusters = new Set(references.map(({ cluster }) => cluster))
  for (const cluster of clusters) {
    const names = references.filter((each) => each.cluster === cluster).map((each) => each.service)
    for (const batch of batches(names, servicesPerCall)) {
      const place = { region: session.region, cluster: nameInArn(cluster) }
      const services = await askEcs(place, ports.signal, async () => {
        const answer = await session.ecs.describeServices({ cluster, services: batch })
        return listOf(answer, 'services', 'DescribeServices')
      })
      for (const service of services.map(readCurrentService)) {
        found.set(keyOf({ cluster, service: service.serviceName }), service)
      }
    }
  }
  return found
}

/** A name that changes sides changes who can read it. @param owner Service or family, for the text. */
export function sayMoves(
  { source, planned }: DefinitionPlan,
  owner: string,
  { report }: Pick<Ports, 'report'>,
): void {
  const { changes, containerNames } = planned
  for (const container of objectsAt(source.definition, 'containerDefinitions')) {
    const name = stringAt(container, 'name') ?? ''
    if (!containerNames.includes(name)) continue
    for (const move of describeMoves(container, changes.container)) {
      report.notice(`container "${name}" of ${owner}: ${move}`)
    }
  }
}

function missing({ cluster, service }: ServiceReference, region: string): ActionError {
  return new ActionError(
    'service-not-found',
    `there is no ${describePlace({ region, cluster: nameInArn(cluster), service })}`,
    `Correct \`service\`, \`cluster\` or \`aws-region\`; \`aws ecs list-services --cluster ${nameInArn(cluster)} --region ${region}\` lists what there is. Nothing was written.`,
  )
}

function keyOf({ cluster, service }: Pick<ServiceReference, 'cluster' | 'service'>): string {
  return JSON.stringify([nameInArn(cluster), service])
}

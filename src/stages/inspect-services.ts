import { resolve } from 'node:path'

import { ActionError } from '../core/errors/action-error.ts'
import { combineErrors } from '../core/errors/combine.ts'
import { describePlace } from '../core/faults/ecs-fault.ts'
import type { DeployInputs, ServiceReference } from '../core/inputs/inputs.ts'
import type { TaskDefinitionChoice } from '../core/inputs/task-definition.ts'
import { objectAt, objectsAt, stringAt, type JsonObject } from '../core/json.ts'
import { planService, type ImageTarget } from '../core/plan/plan-service.ts'
import type { ServicePlan, TaskDefinitionSource } from '../core/plan/service-plan.ts'
import type { CurrentService } from '../core/rollout/current-service.ts'
import { readServiceView } from '../core/rollout/observation.ts'
import { readCurrentService } from '../core/rollout/read-current-service.ts'
import { expandRoles } from '../core/task-definition/changes/expand-roles.ts'
import { describeMoves } from '../core/task-definition/changes/merge-variables.ts'
import { describeUnknownMembers } from '../core/task-definition/unknown-members.ts'
import type { AwsSession } from '../ports/aws.ts'
import type { Ports } from '../ports/ports.ts'
import { askEcs } from './ask-ecs.ts'

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
  image: ImageTarget | undefined,
  session: AwsSession,
  ports: InspectPorts,
): Promise<readonly ServicePlan[]> {
  const given = await readGiven(deploy.taskDefinition.choice, session, ports)
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
        ...{ region: session.region, cluster: nameOf(reference.cluster) },
        ...{ service: current.serviceName, current, given },
        currentDefinition: await definition,
      }
      return planService(expanded, facts, image)
    }),
  )
  ports.signal.throwIfAborted()
  const plans = plansOf(settled)
  for (const plan of plans) {
    warnOfDeploymentUnderWay(plan, session.region, ports)
    sayMoves(plan, ports)
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

function withRoleArns(deploy: DeployInputs, { caller }: AwsSession): DeployInputs {
  const { choice, changes } = deploy.taskDefinition
  const task = expandRoles(changes.task, caller)
  return { ...deploy, taskDefinition: { choice, changes: { ...changes, task } } }
}

/** The source that was given; read once, for all services share it. */
async function readGiven(
  choice: TaskDefinitionChoice,
  session: AwsSession,
  ports: InspectPorts,
): Promise<TaskDefinitionSource | undefined> {
  switch (choice.kind) {
    case 'service':
      return undefined
    case 'file':
      return await readFile(choice.path, ports)
    case 'family':
      return await describeDefinition(choice.family, session, ports)
    case 'revision':
      return { ...(await describeDefinition(choice.revision, session, ports)), exact: true }
  }
}

async function readFile(
  path: string,
  { context, files, report }: InspectPorts,
): Promise<TaskDefinitionSource> {
  // The YAML parser takes longer to load than a preflight call to answer: only where it is needed.
  const { maxTaskDefinitionBytes, readTaskDefinition } =
    await import('../core/task-definition/read.ts')
  const text = await files.readText(resolve(context.workspace, path), maxTaskDefinitionBytes)
  const definition = readTaskDefinition(text, path)
  const strangers = describeUnknownMembers(definition)
  if (strangers !== undefined) report.warning(`file ${path} ${strangers}`)
  return { origin: `file ${path}`, definition, tags: [] }
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
    for (let start = 0; start < names.length; start += servicesPerCall) {
      const batch = names.slice(start, start + servicesPerCall)
      const place = { region: session.region, cluster: nameOf(cluster) }
      const answer = await askEcs(place, ports.signal, () =>
        session.ecs.describeServices({ cluster, services: batch }),
      )
      for (const service of objectsAt(answer, 'services').map(readCurrentService)) {
        found.set(keyOf({ cluster, service: service.serviceName }), service)
      }
    }
  }
  return found
}

async function describeDefinition(
  arn: string,
  session: AwsSession,
  ports: InspectPorts,
): Promise<TaskDefinitionSource> {
  const origin = `task definition ${nameOf(arn)}`
  const place = { region: session.region, taskDefinition: origin }
  const answer: JsonObject = await askEcs(place, ports.signal, () =>
    session.ecs.describeTaskDefinition({ taskDefinition: arn, include: ['TAGS'] }),
  )
  return {
    origin,
    definition: objectAt(answer, 'taskDefinition'),
    tags: objectsAt(answer, 'tags'),
  }
}

/** A name that changes sides changes who can read it. */
function sayMoves({ service, source, planned }: ServicePlan, { report }: InspectPorts): void {
  const { changes, containerNames } = planned
  for (const container of objectsAt(source.definition, 'containerDefinitions')) {
    const name = stringAt(container, 'name') ?? ''
    if (!containerNames.includes(name)) continue
    for (const move of describeMoves(container, changes.container)) {
      report.notice(`container "${name}" of ${service}: ${move}`)
    }
  }
}

/** Ours will supersede a deployment that has not ended; whose it is, nobody can tell. */
function warnOfDeploymentUnderWay(
  { cluster, service, current }: ServicePlan,
  region: string,
  { report }: InspectPorts,
): void {
  const { deployments } = readServiceView(current.raw)
  const underWay = deployments.find(({ rolloutState }) => rolloutState === 'IN_PROGRESS')
  if (underWay === undefined) return
  const arn = stringAt(current.raw, 'currentServiceDeployment')
  const name = arn === undefined ? underWay.id : `${underWay.id} (${arn})`
  report.warning(
    `${describePlace({ region, cluster, service })} has a deployment under way: ${name} of ${nameOf(underWay.taskDefinitionArn)}; unless it is of the same definition, ours takes its place`,
  )
}

function missing({ cluster, service }: ServiceReference, region: string): ActionError {
  return new ActionError(
    'service-not-found',
    `there is no ${describePlace({ region, cluster: nameOf(cluster), service })}`,
    `Correct \`service\`, \`cluster\` or \`aws-region\`; \`aws ecs list-services --cluster ${nameOf(cluster)} --region ${region}\` lists what there is. Nothing was written.`,
  )
}

function keyOf({ cluster, service }: Pick<ServiceReference, 'cluster' | 'service'>): string {
  return JSON.stringify([nameOf(cluster), service])
}

/** The last part of an ARN: `web:12`, `prod`. */
function nameOf(arn: string): string {
  return arn.split('/').at(-1) ?? arn
}

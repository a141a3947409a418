import { backOffMs } from '../core/back-off.ts'
import { AwsFailure } from '../core/errors/aws-failure.ts'
import { isFamilyBusy } from '../core/faults/ecs-task-definition.ts'
import { explainEcs } from '../core/faults/ecs.ts'
import { imageUri, type PushedImage } from '../core/image/image.ts'
import { objectAt, stringAt, type JsonObject } from '../core/json.ts'
import type { ServicePlan } from '../core/plan/service-plan.ts'
import { compareTaskDefinitions } from '../core/task-definition/compare.ts'
import { checkPlatform, requiredPlatform } from '../core/task-definition/platform.ts'
import { renderTaskDefinition } from '../core/task-definition/render.ts'
import type { TaskDefinitionRevision } from '../core/task-definition/revision.ts'
import type { AwsSession } from '../ports/aws.ts'
import type { Ports } from '../ports/ports.ts'
import { untilAborted } from './until-aborted.ts'

/** Registering fills a bucket of one call a second, shared by the whole account and region. */
const registerAttempts = 10

type RegisterPorts = Pick<Ports, 'clock' | 'files' | 'report' | 'signal'>

/**
 * The revision that the service shall run. One that says the same is adopted, the service's own
 * first, then the family's newest; only else a new one is registered.
 * @param image Undefined: the source is deployed as it is.
 */
export async function registerTaskDefinition(
  plan: ServicePlan,
  image: PushedImage | undefined,
  session: AwsSession,
  ports: RegisterPorts,
): Promise<TaskDefinitionRevision> {
  checkImage(plan, image)
  const input = renderPlan(plan, image)
  const file = `task-definition-${stringAt(input, 'family') ?? ''}.json`
  const text = `${JSON.stringify(input, undefined, 2)}\n`
  ports.report.record({ renderedTaskDefinition: await ports.files.writeTemporary(file, text) })
  const adopted = await findIdentical(plan, input, session, ports)
  if (adopted !== undefined) {
    ports.report.line(`task definition ${adopted.name} says the same already: not registered again`)
    return adopted
  }
  const changed = compareTaskDefinitions(plan.currentDefinition.definition, input)
  const revision = await register(plan, input, session, ports)
  ports.report.line(`registered ${revision.name}; changed: ${changed.join(', ')}`)
  return revision
}

/** The input of RegisterTaskDefinition. */
function renderPlan(plan: ServicePlan, image: PushedImage | undefined): JsonObject {
  const { source, containerNames, planned } = plan
  return renderTaskDefinition(source, containerNames, image && imageUri(image), planned)
}

/** The image as it was read back, which may be another than the plan thought of. */
function checkImage({ source, current }: ServicePlan, image: PushedImage | undefined): void {
  if (image === undefined) return
  const required = requiredPlatform(source.definition, stringAt(current.raw, 'launchType'))
  const platforms = image.platforms.map(({ platform }) => platform)
  const mismatch = checkPlatform(required, { name: imageUri(image), platforms }, source.origin)
  if (mismatch !== undefined) throw mismatch
}

async function findIdentical(
  plan: ServicePlan,
  input: JsonObject,
  session: AwsSession,
  ports: RegisterPorts,
): Promise<TaskDefinitionRevision | undefined> {
  // A revision that was asked for by name is used, even where the service's own says the same.
  const named = plan.source.exact === true ? [plan.source.definition] : []
  const known = [...named, plan.currentDefinition.definition]
  const identical = known.find((definition) => isIdentical(definition, input))
  if (identical !== undefined) return toRevision(identical, false)
  const newest = await describeNewest(input, session, ports)
  return newest !== undefined && isIdentical(newest, input) ? toRevision(newest, false) : undefined
}

/** A deregistered revision goes on running but cannot be deployed. */
function isIdentical(definition: JsonObject, input: JsonObject): boolean {
  return (
    (stringAt(definition, 'status') ?? 'ACTIVE') === 'ACTIVE' &&
    stringAt(definition, 'family') === stringAt(input, 'family') &&
    compareTaskDefinitions(definition, input).length === 0
  )
}

/** @returns undefined where the family has no ACTIVE revision. */
async function describeNewest(
  input: JsonObject,
  session: AwsSession,
  { signal }: RegisterPorts,
): Promise<JsonObject | undefined> {
  const family = stringAt(input, 'family') ?? ''
  try {
    const call = session.ecs.describeTaskDefinition({ taskDefinition: family })
    return objectAt(await untilAborted(call, signal), 'taskDefinition')
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error
    if (/Unable to describe task definition/.test(error.message)) return undefined
    throw explainEcs(error, { region: session.region, taskDefinition: `family ${family}` })
  }
}

/**
 * RegisterTaskDefinition has no idempotency token. What was surely not done (throttled, family
 * busy) is tried again; after a lost answer the family's newest revision tells whether it was.
 */
async function register(
  plan: ServicePlan,
  input: JsonObject,
  session: AwsSession,
  ports: RegisterPorts,
): Promise<TaskDefinitionRevision> {
  const place = { region: session.region, taskDefinition: plan.source.origin }
  ports.report.begin()
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await untilAborted(session.ecs.registerTaskDefinition(input), ports.signal)
      return toRevision(objectAt(answer, 'taskDefinition'), true)
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error
      const again = error.throttled || error.ambiguous || isFamilyBusy(error)
      if (!again || attempt >= registerAttempts) throw explainEcs(error, place)
      ports.report.detail(`RegisterTaskDefinition: ${error.code}: ${error.message}`)
      await ports.clock.sleep(backOffMs(attempt), ports.signal)
      if (!error.ambiguous) continue
      const newest = await describeNewest(input, session, ports)
      if (newest !== undefined && isIdentical(newest, input)) return toRevision(newest, true)
    }
  }
}

function toRevision(definition: JsonObject, registered: boolean): TaskDefinitionRevision {
  const arn = stringAt(definition, 'taskDefinitionArn') ?? ''
  return { arn, name: arn.split('/').at(-1) ?? arn, registered, definition }
}

import { backOffMs } from '../../core/back-off.ts'
import { ActionError } from '../../core/errors/action-error.ts'
import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { deniedAction } from '../../core/faults/denied-statement.ts'
import { isFamilyBusy } from '../../core/faults/ecs-task-definition.ts'
import { explainEcs } from '../../core/faults/ecs.ts'
import { imageUri, type PushedImage } from '../../core/image/image.ts'
import { objectAt, objectsAt, stringAt, type JsonObject } from '../../core/json.ts'
import { containerImages } from '../../core/plan/image/container-images.ts'
import { describeDefinition } from '../../core/plan/describe/describe-definition.ts'
import { renderPlan } from '../../core/plan/render-plan.ts'
import type { DefinitionPlan } from '../../core/plan/service/service-plan.ts'
import { withoutOwnTag } from '../../core/task-definition/own-tag.ts'
import { checkPlatform, requiredPlatform } from '../../core/task-definition/platform.ts'
import { definitionLines } from '../../core/report/plan-lines.ts'
import type { TaskDefinitionRevision } from '../../core/task-definition/revision.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { emptyAnswer } from '../aws/empty-answer.ts'
import { describeNewest, findRevision, isIdentical, toRevision } from './find-revision.ts'
import { untilAborted } from '../aws/until-aborted.ts'
import { writeTaskDefinition } from './write-task-definition.ts'

/** Registering fills a bucket of one call a second, shared by the whole account and region. */
const registerAttempts = 10

type RegisterPorts = Pick<Ports, 'clock' | 'context' | 'files' | 'report' | 'signal'>

/**
 * The revision that the service shall run. One that says the same is adopted, the service's own
 * first, then the family's newest; only else a new one is registered.
 * @param image Undefined: the source is deployed as it is.
 */
export async function registerTaskDefinition(
  plan: DefinitionPlan,
  image: PushedImage | undefined,
  session: AwsSession,
  ports: RegisterPorts,
): Promise<TaskDefinitionRevision> {
  checkImage(plan, image)
  const input = renderPlan(plan, containerImages(plan, image), ports.context.repository)
  const renderedFile = await writeTaskDefinition(input, ports)
  const { identical, before } = await findRevision(plan, input, session, ports)
  if (identical !== undefined) {
    ports.report.line(
      `task definition ${identical.name} says the same already: not registered again`,
    )
    return { ...identical, renderedFile }
  }
  tellChanges(plan, input, before, ports)
  const revision = await registerTagged(plan, input, session, ports)
  ports.report.line(`registered ${revision.name}`)
  return { ...revision, renderedFile }
}

/** What the new revision has other than what runs now, or than the family's newest. */
function tellChanges(
  plan: DefinitionPlan,
  input: JsonObject,
  before: JsonObject | undefined,
  { report }: RegisterPorts,
): void {
  const compared = { plan, input, before, registered: true, identical: undefined }
  const definition = describeDefinition(compared, undefined)
  for (const line of definitionLines(definition)) report.line(line)
  report.changes(definition)
}

/** The image as it was read back, which may be another than the plan thought of. */
function checkImage({ source, current }: DefinitionPlan, image: PushedImage | undefined): void {
  if (image === undefined) return
  const launchType = current && stringAt(current.raw, 'launchType')
  const required = requiredPlatform(source.definition, launchType)
  const platforms = image.platforms.map(({ platform }) => platform)
  const mismatch = checkPlatform(required, { name: imageUri(image), platforms }, source.origin)
  if (mismatch !== undefined) throw mismatch
}

/**
 * A tag needs a permission of its own (ecs:TagResource, developer guide "Tagging authorization").
 * Without it the revision is registered all the same: it will just never be deregistered.
 */
async function registerTagged(
  plan: DefinitionPlan,
  input: JsonObject,
  session: AwsSession,
  ports: RegisterPorts,
): Promise<TaskDefinitionRevision> {
  try {
    return await register(plan, input, session, ports)
  } catch (error) {
    const cause = error instanceof ActionError ? error.cause : undefined
    const denied = cause instanceof AwsFailure && cause.denied ? deniedAction(cause) : undefined
    if (denied !== 'ecs:TagResource' || plan.keepTaskDefinitions === undefined) throw error
    ports.report.warning(
      `without the permission ${denied} the revision is not tagged as ours, and \`keep-task-definitions\` will never deregister it`,
    )
    return await register(plan, withoutOwnTag(input), session, ports)
  }
}

/**
 * RegisterTaskDefinition has no idempotency token. What was surely not done (throttled, family
 * busy) is tried again; after a lost answer the family's newest revision tells whether it was.
 */
async function register(
  plan: DefinitionPlan,
  input: JsonObject,
  session: AwsSession,
  ports: RegisterPorts,
): Promise<TaskDefinitionRevision> {
  const place = { region: session.region, taskDefinition: plan.source.origin }
  for (let attempt = 1; ; attempt += 1) {
    ports.signal.throwIfAborted()
    ports.report.begin()
    try {
      const answer = await untilAborted(
        () => session.ecs.registerTaskDefinition(input),
        ports.signal,
      )
      const definition = objectAt(answer, 'taskDefinition')
      const revision = toRevision(definition, true)
      const isWhole = objectsAt(definition, 'containerDefinitions').length > 0
      if (revision.arn !== '' && isWhole) return revision
      throw emptyAnswer('RegisterTaskDefinition', 'the answer holds no whole revision')
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

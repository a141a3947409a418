import { ActionError } from '../../core/errors/action-error.ts'
import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { deniedAction } from '../../core/faults/denied-statement.ts'
import { imageUri, type PushedImage } from '../../core/image/image.ts'
import { stringAt, type JsonObject } from '../../core/json.ts'
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
import { findRevision } from './find-revision.ts'
import { sendRegistration } from './send-registration.ts'
import { writeTaskDefinition } from './write-task-definition.ts'

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
    return await sendRegistration(plan.source, input, session, ports)
  } catch (error) {
    const cause = error instanceof ActionError ? error.cause : undefined
    const denied = cause instanceof AwsFailure && cause.denied ? deniedAction(cause) : undefined
    if (denied !== 'ecs:TagResource' || plan.keepTaskDefinitions === undefined) throw error
    ports.report.warning(
      `without the permission ${denied} the revision is not tagged as ours, and \`keep-task-definitions\` will never deregister it`,
    )
    return await sendRegistration(plan.source, withoutOwnTag(input), session, ports)
  }
}

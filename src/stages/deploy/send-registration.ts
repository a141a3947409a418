import { backOffMs } from '../../core/back-off.ts'
import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { isFamilyBusy } from '../../core/faults/ecs-task-definition.ts'
import { explainEcs } from '../../core/faults/ecs.ts'
import { objectAt, objectsAt, type JsonObject } from '../../core/json.ts'
import type { TaskDefinitionSource } from '../../core/plan/service/service-plan.ts'
import type { TaskDefinitionRevision } from '../../core/task-definition/revision.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { emptyAnswer } from '../aws/empty-answer.ts'
import { Sending } from '../aws/sending.ts'
import { describeNewest, isIdentical, toRevision } from './find-revision.ts'

/** Registering fills a bucket of one call a second, shared by the whole account and region. */
const attempts = 10

/**
 * Registers a revision. RegisterTaskDefinition has no idempotency token: what was surely not done
 * (throttled, family busy) is tried again; once an answer was lost, the family's newest revision is
 * looked at before every further call, and before it is given up.
 * @param source What `input` was made of, for messages.
 * @throws ActionError
 */
export async function sendRegistration(
  source: TaskDefinitionSource,
  input: JsonObject,
  session: AwsSession,
  ports: Pick<Ports, 'clock' | 'report' | 'signal'>,
): Promise<TaskDefinitionRevision> {
  const place = { region: session.region, taskDefinition: source.origin }
  const sending = new Sending(ports.signal)
  for (let attempt = 1; ; attempt += 1) {
    ports.signal.throwIfAborted()
    ports.report.begin()
    try {
      return await sending.attempt(() => sendOnce(input, session))
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error
      ports.report.detail(`RegisterTaskDefinition: ${error.code}: ${error.message}`)
      const mayPass = error.throttled || error.ambiguous || isFamilyBusy(error)
      const isLast = !mayPass || attempt >= attempts
      if (isLast && !sending.maybeTaken) throw explainEcs(error, place)
      await ports.clock.sleep(backOffMs(attempt, ports.clock.chance()), ports.signal)
      const newest = sending.maybeTaken ? await describeNewest(input, session, ports) : undefined
      if (newest !== undefined && isIdentical(newest, input)) return toRevision(newest, true)
      if (isLast) throw explainEcs(error, place)
    }
  }
}

async function sendOnce(input: JsonObject, session: AwsSession): Promise<TaskDefinitionRevision> {
  const answer = await session.ecs.registerTaskDefinition(input)
  const definition = objectAt(answer, 'taskDefinition')
  const revision = toRevision(definition, true)
  const isWhole = objectsAt(definition, 'containerDefinitions').length > 0
  if (revision.arn !== '' && isWhole) return revision
  throw emptyAnswer('RegisterTaskDefinition', 'the answer holds no whole revision')
}

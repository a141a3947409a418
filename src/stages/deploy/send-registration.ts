import { backOffMs } from '../../core/back-off.ts'
import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { isFailedCall } from '../../core/errors/failed-call.ts'
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
/** Looks that may fail in a row, after a lost answer. */
const looks = 5

type RegistrationPorts = Pick<Ports, 'clock' | 'report' | 'signal'>

/**
 * Registers a revision. RegisterTaskDefinition has no idempotency token: what was surely not done
 * (throttled, family busy) is tried again; once an answer was lost, the family's newest revision is
 * looked at before every further call, and before it is given up. It is not sent again without a look
 * that succeeded.
 * @param source What `input` was made of, for messages.
 * @throws ActionError of the registration, not of a look.
 */
export async function sendRegistration(
  source: TaskDefinitionSource,
  input: JsonObject,
  session: AwsSession,
  ports: RegistrationPorts,
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
      if (!sending.maybeTaken) {
        await ports.clock.sleep(backOffMs(attempt, ports.clock.chance()), ports.signal)
        continue
      }
      const seen = await lookUntilSeen(input, attempt, session, ports)
      if (seen?.revision !== undefined) return seen.revision
      if (isLast || seen === undefined) throw explainEcs(error, place)
    }
  }
}

/** What a look that succeeded has shown; without a revision: it is not there. */
interface Seen {
  readonly revision: TaskDefinitionRevision | undefined
}

/**
 * Looks until one look succeeds.
 * @param attempt Of the registration, by which the rests grow.
 * @returns undefined where none does.
 */
async function lookUntilSeen(
  input: JsonObject,
  attempt: number,
  session: AwsSession,
  ports: RegistrationPorts,
): Promise<Seen | undefined> {
  let seen: Seen | undefined
  for (let look = 0; look < looks && seen === undefined; look += 1) {
    await ports.clock.sleep(backOffMs(attempt + look, ports.clock.chance()), ports.signal)
    seen = await lookOnce(input, session, ports)
  }
  return seen
}

/** @returns undefined where the look failed: it shows nothing. */
async function lookOnce(
  input: JsonObject,
  session: AwsSession,
  ports: RegistrationPorts,
): Promise<Seen | undefined> {
  try {
    const newest = await describeNewest(input, session, ports)
    const isIt = newest !== undefined && isIdentical(newest, input)
    return { revision: isIt ? toRevision(newest, true) : undefined }
  } catch (error) {
    if (!isFailedCall(error)) throw error
    ports.report.detail(`a look failed: ${error.code}: ${error.message}`)
    return undefined
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

import type { Clock } from '../clock/clock.ts'
import type { LogGroups } from '../ecs/awslogs.ts'
import { numberMember, stringMember } from '../wire/members.ts'
import { ServiceError, type JsonObject, type JsonService } from '../wire/service.ts'

/** GetLogEvents answers at most this many events (API reference, `limit`). */
const mostEvents = 10_000

/** Amazon CloudWatch Logs as far as it keeps what ECS's containers write: reading, nothing else. */
export function createLogs(source: { awslogs(): LogGroups }, clock: Clock): JsonService {
  return {
    signingName: 'logs',
    targetPrefix: 'Logs_20140328',
    operations: { GetLogEvents: (input) => getLogEvents(input, source.awslogs(), clock) },
  }
}

function getLogEvents(input: JsonObject, logs: LogGroups, clock: Clock): JsonObject {
  const group = stringMember(input, 'logGroupName') ?? ''
  const stream = stringMember(input, 'logStreamName') ?? ''
  const lines = logs.stream(group, stream)
  if (lines === undefined) throw missing(logs.groups.has(group) ? 'stream' : 'group')
  const limit = Math.min(numberMember(input, 'limit') ?? mostEvents, mostEvents)
  const fromHead = input['startFromHead'] === true
  const shown = fromHead ? lines.slice(0, limit) : lines.slice(-limit)
  const timestamp = clock.now()
  return {
    events: shown.map((message) => ({ message, timestamp, ingestionTime: timestamp })),
    nextForwardToken: `f/${lines.length}`,
    nextBackwardToken: `b/${lines.length - shown.length}`,
  }
}

function missing(what: 'group' | 'stream'): ServiceError {
  return new ServiceError(
    'ResourceNotFoundException',
    `The specified log ${what} does not exist.`,
    400,
  )
}

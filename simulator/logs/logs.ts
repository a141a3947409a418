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
  const first = firstLine(input) ?? (fromHead ? 0 : Math.max(0, lines.length - limit))
  const shown = lines.slice(first, first + limit)
  const timestamp = clock.now()
  return {
    events: shown.map((message) => ({ message, timestamp, ingestionTime: timestamp })),
    nextForwardToken: `f/${first + shown.length}`,
    nextBackwardToken: `b/${first}`,
  }
}

/** Where a forward token goes on. */
function firstLine(input: JsonObject): number | undefined {
  const token = stringMember(input, 'nextToken')
  if (token === undefined) return undefined
  const [, line] = /^f\/(\d+)$/.exec(token) ?? []
  if (line !== undefined) return Number(line)
  throw new ServiceError('InvalidParameterException', 'The specified nextToken is invalid.', 400)
}

function missing(what: 'group' | 'stream'): ServiceError {
  return new ServiceError(
    'ResourceNotFoundException',
    `The specified log ${what} does not exist.`,
    400,
  )
}

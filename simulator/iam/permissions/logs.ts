import { textOf } from '../../wire/json.ts'
import type { JsonObject } from '../../wire/service.ts'
import type { Place } from '../place.ts'
import type { Permission } from './permission.ts'

/** The permissions of CloudWatch Logs: of a stream where the operation names one, else of a group. */
export function logsPermissions(
  operation: string,
  input: JsonObject,
  { accountId, region }: Place,
): readonly Permission[] {
  const group = textOf(input['logGroupName']) ?? '*'
  const stream = textOf(input['logStreamName']) ?? ''
  const resource = `arn:aws:logs:${region}:${accountId}:log-group:${group}:log-stream:${stream}`
  return [{ action: `logs:${operation}`, resource }]
}

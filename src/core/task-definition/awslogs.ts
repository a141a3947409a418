import { objectAt, stringAt, type JsonObject } from '../json.ts'
import { nameInArn } from '../name-in-arn.ts'

/** Where the lines of a container go in CloudWatch Logs. */
export interface AwslogsPlace {
  readonly group: string
  readonly prefix: string
}

/**
 * Where a container definition's log driver `awslogs` writes.
 * @param region Where CloudWatch Logs is asked.
 * @returns undefined where the driver is another, the streams have no known name, or they are in
 * another region.
 */
export function awslogsOf(container: JsonObject, region: string): AwslogsPlace | undefined {
  const log = objectAt(container, 'logConfiguration')
  const options = objectAt(log, 'options')
  const group = stringAt(options, 'awslogs-group')
  const prefix = stringAt(options, 'awslogs-stream-prefix')
  const here = (stringAt(options, 'awslogs-region') ?? region) === region
  if (stringAt(log, 'logDriver') !== 'awslogs' || !here) return undefined
  return group === undefined || prefix === undefined ? undefined : { group, prefix }
}

/** Name of the stream: `prefix/container/task-id` (ECS developer guide, using the awslogs log driver). */
export function logStreamOf({ prefix }: AwslogsPlace, container: string, taskArn: string): string {
  return `${prefix}/${container}/${nameInArn(taskArn)}`
}

/** Where the log of a container is that is not read: one clause for people. */
export function logsElsewhere(name: string, definition: JsonObject): string {
  const configuration = objectAt(definition, 'logConfiguration')
  const driver = stringAt(configuration, 'logDriver')
  if (driver === undefined) {
    return `container ${name} has no logConfiguration: its log stays on its host; awslogs would keep it`
  }
  const options = objectAt(configuration, 'options')
  if (driver !== 'awslogs') {
    return `container ${name} uses the log driver ${driver}: look for its last lines where that sends them`
  }
  const group = stringAt(options, 'awslogs-group') ?? 'without a name'
  const region = stringAt(options, 'awslogs-region')
  return stringAt(options, 'awslogs-stream-prefix') === undefined
    ? `container ${name} logs to the group ${group} without awslogs-stream-prefix: its stream has no known name`
    : `container ${name} logs to the group ${group} in ${region ?? 'another region'}: look there`
}

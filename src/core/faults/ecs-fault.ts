import type { AwsFailure } from '../errors/aws-failure.ts'
import type { ErrorCode } from '../errors/codes.ts'

/** Where an ECS call went; absent where the call does not name it. */
export interface EcsPlace {
  readonly region: string
  readonly cluster?: string
  readonly service?: string
  /** `revision web:12`, `file task-definition.json`, … */
  readonly taskDefinition?: string
}

/** One row of the catalogue: AWS's text, and what it means here. */
export interface EcsFault {
  readonly matches: (failure: AwsFailure) => boolean
  readonly code: ErrorCode
  /** What is wrong, after `where`; AWS's own words where they say it best. */
  readonly message: (failure: AwsFailure, where: string) => string
  readonly remedy: (failure: AwsFailure, place: EcsPlace) => string
}

/** `service "web" in cluster "prod" (eu-west-1)`: how a place is told in every message. */
export function describePlace({ region, cluster, service, taskDefinition }: EcsPlace): string {
  const inCluster = cluster === undefined ? '' : `cluster ${JSON.stringify(cluster)} `
  if (service !== undefined) return `service ${JSON.stringify(service)} in ${inCluster}(${region})`
  if (taskDefinition !== undefined) return `${taskDefinition} (${region})`
  return `${inCluster === '' ? 'ECS ' : inCluster}(${region})`
}

/** AWS's text on one line, without its full stop. */
export function oneLine(failure: AwsFailure): string {
  return failure.message.replace(/\s+/g, ' ').trim().replace(/\.$/, '')
}

import type { JsonObject } from '../../wire/service.ts'

import type { TaskDefinition } from './task-definition.ts'

/** What one container of a revision runs, settled when the revision is made. */
export interface ResolvedImage {
  readonly containerName: string
  readonly image: string
  /** Undefined when nobody could tell: no digest in the reference and no resolver. */
  readonly digest?: string
  /** Why the image cannot be pulled: the text a stopped task will carry. */
  readonly failure?: string
}

/** An immutable snapshot of what a service runs. */
export interface ServiceRevision {
  readonly arn: string
  /** Nineteen digits: the ARN's tail, and the tail of the deployment id `ecs-svc/…`. */
  readonly digits: string
  readonly taskDefinition: TaskDefinition
  /** The service's settings at that time, as the wire carries them. */
  readonly settings: JsonObject
  readonly images: readonly ResolvedImage[]
  readonly createdAtMs: number
}

/** The settings whose change makes a new revision, and so a new deployment. */
export const revisionMembers = [
  'taskDefinition',
  'networkConfiguration',
  'platformVersion',
  'loadBalancers',
  'serviceRegistries',
  'serviceConnectConfiguration',
  'volumeConfigurations',
  'vpcLatticeConfigurations',
] as const

/** `live` with what belongs to a revision put back to how the revision has it. */
export function restoreRevision(live: JsonObject, revision: ServiceRevision): JsonObject {
  const restored: JsonObject = {}
  const belongsToRevision: ReadonlySet<string> = new Set(revisionMembers)
  for (const [name, value] of Object.entries(live)) {
    if (!belongsToRevision.has(name)) restored[name] = value
  }
  for (const name of revisionMembers) {
    const value = revision.settings[name]
    if (value !== undefined) restored[name] = value
  }
  return restored
}

import type { JsonObject } from '../json.ts'

/** A task definition revision that exists in ECS. */
export interface TaskDefinitionRevision {
  /** `arn:aws:ecs:…:task-definition/web:13` */
  readonly arn: string
  /** `web:13` */
  readonly name: string
  /** Whether this run registered it; false: an identical one was there. */
  readonly registered: boolean
  /** Raw wire JSON. */
  readonly definition: JsonObject
  /** Path of the file that this run rendered it into, if it did. */
  readonly renderedFile?: string
}

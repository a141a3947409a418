import type { JsonObject } from '../../wire/service.ts'

/** A cluster; there is room for another task unless a disturbance takes it away. */
export interface Cluster {
  readonly arn: string
  readonly name: string
  readonly settings: JsonObject[]
  readonly tags: JsonObject[]
}

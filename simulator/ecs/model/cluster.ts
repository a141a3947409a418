import type { JsonObject } from '../../wire/service.ts'

/** A cluster; its capacity is not modelled, there is always room for another task. */
export interface Cluster {
  readonly arn: string
  readonly name: string
  readonly settings: JsonObject[]
  readonly tags: JsonObject[]
}

import type { JsonObject } from '../json.ts'
import type { CurrentService } from '../rollout/current-service.ts'
import type { DefinitionChanges } from '../task-definition/changes/changes.ts'

/** Where a service's next task definition comes from, as raw wire JSON. */
export interface TaskDefinitionSource {
  /** For messages: `revision web:12`, `file task-definition.json`. */
  readonly origin: string
  readonly definition: JsonObject
  /** As DescribeTaskDefinition gives them beside the definition. */
  readonly tags: readonly JsonObject[]
  /** Named by its revision: what is not changed of it is not registered but used as it is. */
  readonly exact?: true
}

/** What the inputs change of the source, and where. */
export interface PlannedChanges {
  readonly changes: DefinitionChanges
  /** Containers that the container's changes go to; empty where there are none. */
  readonly containerNames: readonly string[]
}

/** How long we watch, and what ends the watch early. */
export interface WaitPlan {
  readonly awaited: boolean
  /** From UpdateService. */
  readonly deadlineMs: number
  /** 0: task failures never end the wait. */
  readonly maxTaskFailures: number
  /** Lines of a failing container's log that are shown; undefined: 20, in public repositories 0. */
  readonly logLines: number | undefined
}

/** One service: what it runs now, what it shall run, and how we judge it. */
export interface ServicePlan {
  readonly cluster: string
  readonly service: string
  /** As it is now, read in preflight; `deployments` tell which deployment is not ours. */
  readonly current: CurrentService
  /** What it runs now; the same object as `source` where no other source was given. */
  readonly currentDefinition: TaskDefinitionSource
  readonly source: TaskDefinitionSource
  /** Containers that get the image; empty only where no image is deployed. */
  readonly containerNames: readonly string[]
  readonly planned: PlannedChanges
  readonly forceNewDeployment: boolean
  readonly wait: WaitPlan
}

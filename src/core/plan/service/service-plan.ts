import type { JsonObject } from '../../json.ts'
import type { PushedImage } from '../../image/image.ts'
import type { Repository } from '../../image/repository/repository.ts'
import type { PolicyInputs } from '../../inputs/deploy/policies.ts'
import type { ServiceSettings } from '../../inputs/deploy/service-settings.ts'
import type { OnPause } from '../../inputs/deploy/waiting.ts'
import type { CurrentService } from '../../rollout/observation/current-service.ts'
import type { ExpectedImages } from '../../rollout/verdict/expected-images.ts'
import type { WaitUntil } from '../../rollout/verdict/wait-until.ts'
import type { DefinitionChanges } from '../../task-definition/changes/changes.ts'

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
  readonly until: WaitUntil
  readonly onPause: OnPause
  /** How long at most, from UpdateService on. */
  readonly mostMs: number
  /** 0: task failures never end the wait. */
  readonly maxTaskFailures: number
  /** Lines of a failing container's log that are shown; undefined: 20, in public repositories 0. */
  readonly logLines: number | undefined
}

/** What is to be a revision of its family: registered, unless one says the same already. */
export interface DefinitionPlan {
  readonly source: TaskDefinitionSource
  /** Containers that get the image; empty only where no image is deployed. */
  readonly containerNames: readonly string[]
  /** Where each of them pulls it, where it lies in several repositories; else from its own. */
  readonly pullFrom?: ReadonlyMap<string, Repository>
  /** Container name to the bake target whose image it gets; absent: all get the one image. */
  readonly targets?: ReadonlyMap<string, string>
  /** Container name to that image, when it is there. */
  readonly ownImages?: ReadonlyMap<string, PushedImage>
  readonly planned: PlannedChanges
  /** Of older revisions of the family this many stay after a deployment; undefined: all. */
  readonly keepTaskDefinitions: number | undefined
  /** The service that shall run it; undefined: none. */
  readonly current?: CurrentService
  /** What that service runs now; the same object as `source` where no other source was given. */
  readonly currentDefinition?: TaskDefinitionSource
}

/** One service: what it runs now, what it shall run, and how we judge it. */
export interface ServicePlan extends DefinitionPlan {
  readonly cluster: string
  readonly service: string
  /** As it is now, read in preflight; `deployments` tell which deployment is not ours. */
  readonly current: CurrentService
  readonly currentDefinition: TaskDefinitionSource
  readonly forceNewDeployment: boolean
  /** Members of the one UpdateService besides. */
  readonly settings: ServiceSettings
  /** The configuration under which our deployment runs: the live one with the settings over it. */
  readonly deploymentConfiguration: JsonObject
  readonly wait: WaitPlan
  readonly policies: PolicyInputs
  /** Given where the service returns to what it ran before: what its containers ran then. */
  readonly expectedImages?: ExpectedImages
}

/** What the watch of a deployment needs to know, whoever began it. */
export type WatchPlan = Pick<
  ServicePlan,
  | 'cluster'
  | 'service'
  | 'current'
  | 'deploymentConfiguration'
  | 'containerNames'
  | 'ownImages'
  | 'wait'
  | 'policies'
  | 'expectedImages'
>

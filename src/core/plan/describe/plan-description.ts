import type { Mode } from '../../inputs/mode.ts'
import type { DeployOrder } from '../../inputs/deploy/service-settings.ts'
import type { DefinitionChange } from '../../task-definition/diff.ts'

/**
 * What a run would do, as the output `plan` tells it (docs/plan.md): a stable form, which never
 * holds a value of a variable, secret, command, log option or build argument. Lists are empty and
 * members absent where there is nothing to tell.
 */
export interface PlanDescription {
  /** Of this form; another one where a member changes its meaning or goes. */
  readonly version: 1
  readonly mode: Mode
  readonly images: readonly ImageDescription[]
  readonly taskDefinitions: readonly DefinitionDescription[]
  readonly services: readonly ServiceDescription[]
  readonly deployOrder?: DeployOrder
  /** The one-off task. */
  readonly task?: TaskDescription
  /** How a pause is answered. */
  readonly answer?: AnswerDescription
  /** IAM actions that the run would use and that no read could prove, sorted. */
  readonly unprovenPermissions: readonly string[]
}

/** One image: `found` is there already, `build` and `merge` make it. */
export interface ImageDescription {
  readonly action: 'build' | 'merge' | 'found'
  /** `host/name`; absent where it is not pushed. */
  readonly repository?: string
  /** Repositories that get the very bytes besides, and do not have them yet. */
  readonly copies: readonly string[]
  /** Repositories that are missing and made. */
  readonly creates: readonly RepositoryDescription[]
  /** `pending` where only the run can tell. */
  readonly digest: string
  /** Absent where it is not pushed. */
  readonly version?: string
  readonly commit?: string
  readonly platforms: readonly string[]
  /** Tags that mean these bytes for ever. */
  readonly identityTags: readonly string[]
  /** Tags that go from image to image. */
  readonly movingTags: readonly string[]
  /** Why it is built, or why not. */
  readonly reason?: string
  /** What docker is asked, for all images of bake files at once; `…` stands for what is not shown. */
  readonly build?: readonly string[]
}

/** A repository as it would be made. */
export interface RepositoryDescription {
  readonly repository: string
  /** Tag mutability, encryption, and what else it gets, in words. */
  readonly how: string
  /** JSON, as PutLifecyclePolicy takes it. */
  readonly lifecyclePolicy?: string
}

/** What becomes of one task definition. */
export interface DefinitionDescription {
  readonly family: string
  /** `revision web:12`, `file task-definition.json`. */
  readonly source: string
  /** `use`: the revision that is named there says the same already. */
  readonly action: 'register' | 'use'
  /** `web:12`, with `use`. */
  readonly revision?: string
  /** The service that it is for, `cluster/service`. */
  readonly service?: string
  /** What the changes are against; absent: the family has no revision yet. */
  readonly comparedWith?: string
  readonly changes: readonly DefinitionChange[]
}

/** What becomes of one service. */
export interface ServiceDescription {
  readonly cluster: string
  readonly service: string
  readonly serviceArn: string
  /**
   * `deploy`: an UpdateService; `adopt`: it is so already; `stop`: ECS itself rolls the deployment
   * that is under way back; `follow`: its deployment is only awaited.
   */
  readonly action: 'deploy' | 'adopt' | 'stop' | 'follow'
  /** `web:12`: what it runs now. */
  readonly currentRevision: string
  /** What it goes to; `pending`: a revision that is yet to be registered. Absent: ECS knows. */
  readonly newRevision?: string
  readonly forceNewDeployment: boolean
  /** The inputs whose settings differ from the live ones. */
  readonly changedSettings: readonly string[]
  /** `ROLLING`, `BLUE_GREEN`, `LINEAR`, `CANARY`. */
  readonly strategy: string
  readonly wait: WaitDescription
  readonly policies: Readonly<Record<string, string>>
  readonly activeDeployment?: ActiveDescription
}

/** How long a deployment is followed. */
export interface WaitDescription {
  readonly awaited: boolean
  /** `deployed`, `traffic-shifted`, `stage:…`. */
  readonly until: string
  readonly onPause: string
  readonly deadlineSeconds: number
  /** 0: never. */
  readonly maxTaskFailures: number
}

/** A deployment that has not ended yet. */
export interface ActiveDescription {
  /** `ecs-svc/…` */
  readonly deploymentId: string
  readonly revision: string
}

/** A one-off task. */
export interface TaskDescription {
  readonly when: 'before' | 'after' | 'alone'
  readonly cluster: string
  readonly launchType?: string
  readonly capacityProviders: readonly string[]
  readonly subnets: readonly string[]
  readonly securityGroups: readonly string[]
  /** Members that are overridden, by their paths. */
  readonly overrides: readonly string[]
  /** The container whose exit code alone decides. */
  readonly container?: string
  readonly deadlineSeconds: number
}

/** The answer to a paused lifecycle hook. */
export interface AnswerDescription {
  readonly action: string
  readonly hookId: string
  readonly deploymentArn: string
}

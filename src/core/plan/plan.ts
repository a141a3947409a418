import type { PushedImage } from '../image/image.ts'
import type { DeployOrder } from '../inputs/deploy/service-settings.ts'
import type { HookAction } from '../rollout/verdict/pause.ts'
import type { ServiceDeployment } from '../rollout/observation/service-deployment.ts'
import type { BuiltImagePlan, ImagePlan } from './image/image-plan.ts'
import type { RunTaskPlan } from './service/run-task-plan.ts'
import type { DefinitionPlan, ServicePlan, WatchPlan } from './service/service-plan.ts'
import type { ServiceDeploymentRecord } from '../rollout/observation/service-deployment-record.ts'

/** Builds, publishes, and deploys to the services, if there are any. */
export interface ReleasePlan {
  readonly mode: 'release'
  readonly images: readonly ImagePlan[]
  /** To be registered although no service is deployed to; empty where there are services. */
  readonly definitions: readonly DefinitionPlan[]
  readonly services: readonly ServicePlan[]
  readonly deployOrder: DeployOrder
  /** A one-off task beside the services; undefined: none. */
  readonly task: RunTaskPlan | undefined
}

/** Builds one leg of a matrix of native runners. */
export interface BuildPlan {
  readonly mode: 'build'
  readonly image: BuiltImagePlan
}

/** Deploys what is in the registry already, or the task definition as it is. */
export interface DeployPlan {
  readonly mode: 'deploy'
  /** Empty: no container's image is changed. */
  readonly images: readonly PushedImage[]
  readonly services: readonly ServicePlan[]
  readonly deployOrder: DeployOrder
  /** A one-off task beside the services; undefined: none. */
  readonly task: RunTaskPlan | undefined
}

/** Answers the pause of a deployment that is there, and follows it. */
export interface ContinuePlan {
  readonly mode: 'continue'
  readonly watch: WatchPlan
  readonly deployment: Omit<ServiceDeployment, 'requestedAtMs'>
  readonly hookId: string
  readonly action: HookAction
  /** What the paused tasks were found to run; undefined: not known, and nothing is compared. */
  readonly image: PushedImage | undefined
}

/** Runs a one-off task, and nothing else. */
export interface RunPlan {
  readonly mode: 'run'
  /** Undefined: the task definition is run as it is. */
  readonly image: PushedImage | undefined
  readonly definition: DefinitionPlan
  readonly task: RunTaskPlan
}

/** How one service returns to what it ran before. */
export type RevertPlan =
  /** A deployment is under way: ECS itself rolls it back, asked to where it does not so already. */
  | { readonly kind: 'stop'; readonly plan: ServicePlan; readonly record: ServiceDeploymentRecord }
  /** An update to an older definition. */
  | { readonly kind: 'update'; readonly plan: ServicePlan }

/** Returns every service to what it ran before. */
export interface RollbackPlan {
  readonly mode: 'rollback'
  readonly reverts: readonly RevertPlan[]
  readonly deployOrder: DeployOrder
}

/** Everything decided, nothing done. One member for each mode. */
export type Plan = ReleasePlan | BuildPlan | DeployPlan | RunPlan | ContinuePlan | RollbackPlan

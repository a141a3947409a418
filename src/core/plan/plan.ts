import type { PushedImage } from '../image/image.ts'
import type { ImagePlan } from './image-plan.ts'
import type { ServicePlan } from './service-plan.ts'

/** Builds, publishes, and deploys to the services, if there are any. */
export interface ReleasePlan {
  readonly mode: 'release'
  readonly images: readonly ImagePlan[]
  readonly services: readonly ServicePlan[]
}

/** Deploys what is in the registry already, or the task definition as it is. */
export interface DeployPlan {
  readonly mode: 'deploy'
  /** Empty: no container's image is changed. */
  readonly images: readonly PushedImage[]
  readonly services: readonly ServicePlan[]
}

/** Everything decided, nothing done. One member for each mode. */
export type Plan = ReleasePlan | DeployPlan

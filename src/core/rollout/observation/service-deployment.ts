import type { ServiceDeploymentBrief } from './observation.ts'
import type { TaskDefinitionRevision } from '../../task-definition/revision.ts'

/** The deployment that our UpdateService made, or the identical one that it found. */
export interface ServiceDeployment {
  readonly revision: TaskDefinitionRevision
  /** `ecs-svc/…`; its digits are the tail of the service revision's ARN. */
  readonly deploymentId: string
  /** Where UpdateService's answer told it. */
  readonly createdAt?: Date
  /** Whether this run started it; false: the service was on this revision already. */
  readonly started: boolean
  /** Whether our UpdateService set something that needed no deployment. */
  readonly settingsChanged?: boolean
  /** When UpdateService was sent, on the clock that never goes backwards: deadlines count from it. */
  readonly requestedAtMs: number
  /** The revision before ours: what a rollback returns to. */
  readonly previousTaskDefinitionArn: string
  /** ECS's own record of it, where it is known beforehand. */
  readonly brief?: ServiceDeploymentBrief
}

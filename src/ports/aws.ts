import type { IdentityInputs } from '../core/inputs/inputs.ts'
import type { ContainerLogs } from './container-logs.ts'
import type { Ecr } from './ecr.ts'
import type { Ecs } from './ecs.ts'

/** Who AWS says we are (GetCallerIdentity). */
export interface Caller {
  readonly accountId: string
  readonly arn: string
}

/** AWS with credentials that are known to work. */
export interface AwsSession {
  readonly caller: Caller
  /** Where ECS is; ECR may be elsewhere. */
  readonly region: string
  readonly ecs: Ecs
  readonly logs: ContainerLogs
  ecr(region: string): Ecr
}

/** A session as it was opened: its credentials may be handed on, never looked at. */
export interface OpenedSession extends AwsSession {
  /** Hands credentials and region to the later steps of the job, as variables. */
  exportCredentials(): Promise<void>
}

export interface Aws {
  /**
   * Gets credentials as the inputs say and asks AWS whose they are.
   * @param region Where STS and ECS are asked.
   * @throws AwsFailure, or ActionError where no OIDC token could be had.
   */
  open(identity: IdentityInputs, region: string, signal: AbortSignal): Promise<OpenedSession>
}

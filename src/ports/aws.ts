import type { IdentityInputs } from '../core/inputs/inputs.ts'
import type { ContainerLogs } from './container-logs.ts'
import type { Ecr } from './ecr.ts'
import type { Ecs } from './ecs.ts'
import type { Roles } from './roles.ts'
import type { TargetGroups } from './target-health.ts'

/** Who AWS says we are (GetCallerIdentity). */
export interface Caller {
  readonly accountId: string
  readonly arn: string
}

/** Where a registry is; any {@link EcrHost} is one. */
interface RegistryPlace {
  readonly region: string
  /** Undefined: not known, but not ECR Public's. */
  readonly host?: string
}

/** AWS with credentials that are known to work. */
export interface AwsSession {
  readonly caller: Caller
  /** Where ECS is; ECR may be elsewhere. */
  readonly region: string
  readonly ecs: Ecs
  readonly logs: ContainerLogs
  readonly targetGroups: TargetGroups
  readonly roles: Roles
  /** @param registry Whose API is asked: ECR's in a region, or that of ECR Public. */
  ecr(registry: RegistryPlace): Ecr
  /**
   * The variables by which a child that we start is who we are; for its environment alone. They are
   * masked, and good for as long as the session is.
   */
  childCredentials(): Promise<Readonly<Record<string, string>>>
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

import type { ActionError } from '../../errors/action-error.ts'
import type { Outcome } from '../../outcome.ts'
import type { UnhealthyTargets } from '../observation/target-health.ts'
import type { TimeSpent } from './time-spent.ts'

/** Why tasks of a deployment stopped: one group of alike endings. */
export interface StoppedTaskGroup {
  readonly count: number
  /** ECS's `stopCode`. */
  readonly stopCode: string
  /** ECS's `stoppedReason`, untrusted text. */
  readonly reason: string
  /** Of one task of the group, the worst first: name, exit code, reason, health. */
  readonly containers: readonly {
    readonly name: string
    readonly exitCode: number | undefined
    readonly reason: string | undefined
    readonly healthStatus: string | undefined
  }[]
  readonly exampleTaskArn: string
}

/** What is known of why a rollout ended as it did. */
export interface Evidence {
  /** ECS's own words: statusReason, rolloutStateReason, rollback reason. */
  readonly reasons: readonly string[]
  readonly stoppedTasks: readonly StoppedTaskGroup[]
  /** Service events since the deployment began, oldest first. */
  readonly events: readonly { readonly at: Date; readonly message: string }[]
  /** `host/repo@sha256:…` of what runs now, container by container. */
  readonly runningImages: readonly { readonly container: string; readonly digest: string }[]
  /** The last lines of the container that failed worst; untrusted, for log and summary only. */
  readonly logLines?: readonly string[]
  /** Where that container's lines are, when they cannot be shown here. */
  readonly logNote?: string
  /** What circuit breaker and alarms saw; holds untrusted text. */
  readonly guards?: readonly string[]
  /** Targets that the load balancer calls unhealthy; untrusted descriptions. */
  readonly targets?: readonly UnhealthyTargets[]
  /** Where the time of the rollout went, as far as AWS's times tell. */
  readonly time?: TimeSpent
  /** One line about the part of it that dominates. */
  readonly timeAdvice?: string
}

/** What became of one service. */
export interface ServiceOutcome {
  readonly cluster: string
  readonly service: string
  readonly serviceArn: string
  readonly outcome: Outcome
  /** Whether this run changed the service. */
  readonly changed: boolean
  /** Whether the running digests were seen to be ours. */
  readonly verified: boolean
  readonly taskDefinitionArn: string
  /** Path of the file that this run rendered it into, if it did. */
  readonly renderedTaskDefinition?: string
  readonly previousTaskDefinitionArn: string
  readonly deploymentId: string | undefined
  /** ARN of the service deployment, where ECS let us read it. */
  readonly deploymentArn: string | undefined
  /** The lifecycle stage that the deployment was last seen in; rolling ones have none. */
  readonly stage?: string | undefined
  /** The pause that waits for an answer. */
  readonly hookId?: string | undefined
  readonly evidence: Evidence
  /** Given with every red outcome: cause and remedy. */
  readonly error: ActionError | undefined
  /** The outcome is red and does not make the run so: `on-superseded: succeed`. */
  readonly accepted?: true
}

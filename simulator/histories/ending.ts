import type { Span } from './spans.ts'

/** What a deployment may be said to have ended as. */
export type EcsOutcome =
  'deployed' | 'rolled-back' | 'rollback-failed' | 'failed' | 'superseded' | 'stopped'

/** One way in which ECS may end the deployment, and when that is over. */
export interface Ending extends Span {
  readonly outcomes: readonly EcsOutcome[]
  /** ServiceDeployment.status in the end. */
  readonly statuses: readonly string[]
  readonly rule: string
}

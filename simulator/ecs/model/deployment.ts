import type { ServiceRevision } from './service-revision.ts'

export type RolloutState = 'IN_PROGRESS' | 'COMPLETED' | 'FAILED'

/** An entry of `services[].deployments`: the tasks of one service revision. */
export interface Deployment {
  /** `ecs-svc/<digits>`, the digits of its service revision. */
  readonly id: string
  readonly revision: ServiceRevision
  readonly createdAtMs: number
  updatedAtMs: number
  /** When it became PRIMARY, last. */
  beganAtMs: number
  status: 'PRIMARY' | 'ACTIVE'
  rolloutState: RolloutState
  rolloutStateReason: string
  /** Task failures in a row, as the circuit breaker counts them. */
  failedTasks: number
  /** Tasks in a row that never reached RUNNING, whatever the rollout state. */
  failedStarts: number
  /** When all that it needs to complete was there for the first time: baking begins. */
  readySinceMs?: number
  /** The tasks that it replaces may all go: early success was reached. */
  replacesAll: boolean
  /** Its share of test and of production traffic in percent; counts for blue/green alone. */
  readonly traffic: { test: number; production: number }
  /** The scheduler waits until then before it replaces tasks that keep failing. */
  startsAgainAtMs: number
  /** Warnings that were told once and are not repeated. */
  readonly warned: Set<'deadlock' | 'crash-loop'>
}

import type { Outcome } from '../outcome.ts'
import { isFailure } from '../outcome.ts'

/** A deployment in GitHub's sense: a commit goes to an environment. */
export interface DeploymentRequest {
  readonly commit: string
  readonly environment: string
}

/** GitHub's states of a deployment, as far as this action sets them. */
export type DeploymentState = 'in_progress' | 'success' | 'failure' | 'error' | 'inactive'

/** One entry in the history of a deployment. */
export interface DeploymentStatus {
  readonly state: DeploymentState
  /** At most 140 characters: GitHub refuses longer ones. */
  readonly description: string
  /** Where the log of the run is. */
  readonly logUrl: string
  /** Where what was deployed can be looked at; https. */
  readonly environmentUrl: string | undefined
}

/** Outcomes whose state says more than that they are good or bad. */
const particular: Readonly<Partial<Record<Outcome, DeploymentState>>> = {
  // It goes on, and nobody has seen yet how it ends.
  submitted: 'in_progress',
  paused: 'in_progress',
  // GitHub's own word for what a newer deployment has replaced.
  superseded: 'inactive',
  // Neither seen to succeed nor seen to fail.
  unknown: 'error',
  cancelled: 'error',
}

/** How GitHub shows what became of a run. */
export function stateOf(outcome: Outcome): DeploymentState {
  return particular[outcome] ?? (isFailure(outcome) ? 'failure' : 'success')
}

/** The outcome and, where it is red, its error code: nothing that is not public by itself. */
export function describeEnd(outcome: Outcome, errorCode: string | undefined): string {
  return errorCode === undefined || errorCode === outcome ? outcome : `${outcome}: ${errorCode}`
}

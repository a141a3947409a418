import type { Failure } from '../../outcome.ts'
import type { FinalVerdict } from './watch.ts'

/** Where a deployment landed after ECS was asked to roll it back. */
export type Landing =
  /** ECS's own word; `deployed`: it was complete before the rollback began. */
  | FinalVerdict
  /** ECS goes on with the rollback. */
  | { readonly kind: 'under-way'; readonly condition: string; readonly forMs: number }
  /** We cannot see any more. */
  | { readonly kind: 'lost'; readonly message: string }
  /** ECS was not asked, refused, or was not reached: the deployment goes on as it did. */
  | { readonly kind: 'not-asked'; readonly why: string }

/** What a deployment is called that did not end well and was to be rolled back. */
export interface Settlement {
  /** `deployed`: ECS completed it after all. */
  readonly outcome: Failure | 'deployed'
  /** Where it landed, to be told after the cause. */
  readonly landed: string
  /** Whether ECS has not ended it. */
  readonly goesOn: boolean
  /** In place of the usual remedy of the outcome, where that speaks of another landing. */
  readonly remedy: string | undefined
}

/** A failed deployment is called what became of it; a late one stays `timed-out`. */
export function settle(cause: 'failed' | 'timed-out', landing: Landing): Settlement {
  return {
    outcome: cause === 'timed-out' ? 'timed-out' : outcomeOfFailed(landing),
    landed: describeLanding(landing),
    goesOn: landing.kind !== 'final',
    remedy: remedyFor(cause, landing),
  }
}

function remedyFor(cause: 'failed' | 'timed-out', landing: Landing): string | undefined {
  if (landing.kind !== 'final') return undefined
  if (cause === 'timed-out') return 'Raise `wait-for-minutes` if it needs longer.'
  return landing.outcome === 'failed' || landing.outcome === 'stopped'
    ? 'Run `mode: rollback` to return to what ran before; a deploymentCircuitBreaker with rollback returns by itself.'
    : undefined
}

function outcomeOfFailed(landing: Landing): Failure | 'deployed' {
  if (landing.kind === 'lost') return 'unknown'
  if (landing.kind !== 'final') return 'failed'
  // Stopped without a rollback, the failed deployment is only that: failed.
  return landing.outcome === 'stopped' ? 'failed' : landing.outcome
}

const ends = {
  deployed: 'ECS completed the deployment before the rollback began',
  'rolled-back': 'ECS rolled it back as asked',
  'rollback-failed': 'ECS was asked to roll it back, and the rollback failed, too',
  superseded: 'a newer deployment took over before the rollback',
  failed: 'ECS had ended it already and rolls nothing back any more',
  stopped: 'ECS stopped it without a rollback',
} as const

function describeLanding(landing: Landing): string {
  switch (landing.kind) {
    case 'final': {
      const reason = landing.reason.replace(/\.$/, '')
      return reason === '' ? ends[landing.outcome] : `${ends[landing.outcome]} (${reason})`
    }
    case 'under-way': {
      const seconds = Math.round(landing.forMs / 1000)
      return `the rollback has not landed; still awaited, for ${seconds} s: ${landing.condition}`
    }
    case 'lost':
      return `lost sight of the rollback: ${landing.message}`
    case 'not-asked':
      return `it is not rolled back: ${landing.why}`
  }
}

import type { History } from '../../simulator/histories/history.ts'
import type { Outcome, Truth } from '../../simulator/histories/oracle.ts'
import { describeHistory, describeTruth } from '../../simulator/histories/timeline.ts'
import type { Deployed } from './deploy-history.ts'

/** What stands in ECS's record beside an outcome that ECS alone decides. */
const records: ReadonlyMap<string, string> = new Map([
  ['deployed', 'SUCCESSFUL'],
  ['rolled-back', 'ROLLBACK_SUCCESSFUL'],
  ['rollback-failed', 'ROLLBACK_FAILED'],
  ['stopped', 'STOPPED'],
])
const over = /SUCCESSFUL|FAILED|STOPPED$/

/** What the action says that is not true, and what it did that it must not do. */
export function contradictions(truth: Truth, deployed: Deployed): readonly string[] {
  const { outcome, live, updates, status } = deployed
  const { verified } = outcome
  const found: string[] = []
  const named = [...truth.outcomes.keys()].some((name: Outcome) => name === outcome.outcome)
  if (!named) found.push(`${outcome.outcome} is not true`)
  if (updates !== 1) found.push(`UpdateService was sent ${updates} times`)
  if (truth.statuses.size > 0 && !truth.statuses.has(status)) {
    found.push(`ECS's record ended ${status}, not ${[...truth.statuses].join(' or ')}`)
  }
  const recorded = records.get(outcome.outcome)
  if (recorded !== undefined && over.test(status) && status !== recorded) {
    found.push(`${outcome.outcome}, but ECS's record ended ${status}`)
  }
  const green = outcome.outcome === 'deployed' || outcome.outcome === 'paused'
  if (verified && !green) found.push('verified, but not deployed')
  if (outcome.outcome === 'deployed') {
    if (live.revision !== 'web:2' || live.state !== 'COMPLETED') {
      found.push(`deployed, but PRIMARY is ${live.revision}, ${live.state}`)
    }
    if (verified && !live.ours) found.push('verified, but other digests run')
    if (truth.verifiable === 'yes' && !verified) found.push('not verified, though it can be')
    if (truth.verifiable === 'no' && verified) found.push('verified, though nothing runs')
  }
  if (!green && outcome.error === undefined) {
    found.push('red without cause and remedy')
  }
  return found
}

/** A history for whoever has to find out who is wrong. */
export function describeCase(history: History, truth: Truth, deployed: Deployed): string {
  const { outcome, endedAtMs, status } = deployed
  return [
    describeHistory(history),
    `truth:   ${describeTruth(truth)}`,
    `action:  ${outcome.outcome} at +${endedAtMs / 1_000} s: ${outcome.error?.message ?? 'green'}`,
    `ECS:     ${status}`,
  ].join('\n')
}

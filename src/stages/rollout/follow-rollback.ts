import { ActionError } from '../../core/errors/action-error.ts'
import { describePlace } from '../../core/faults/ecs-fault.ts'
import { isReturning } from '../../core/rollout/observation/service-deployment-record.ts'
import { rollbackBeginsWithinMs } from '../../core/rollout/verdict/watch.ts'
import type { Rollout } from './rollout.ts'
import type { StopSent } from './rollback-request.ts'
import type { RolloutWatch, WatchEnd } from './watch-rollout.ts'

/** The request did not arrive: ECS shows no rollback long after it was sent. */
export interface NotTaken {
  readonly kind: 'not-taken'
  readonly why: string
}

/**
 * Watches a deployment that ECS was asked to roll back until it has landed. The request is not the
 * end: the deployment may still become SUCCESSFUL. A request without an answer may not have arrived:
 * the record has to show it, or is not waited for.
 * @param untilMs On the clock that never goes backwards.
 * @throws the signal's reason when it aborts.
 */
export async function followRollback(
  rollout: Rollout,
  watch: RolloutWatch,
  answer: StopSent,
  untilMs: number,
): Promise<WatchEnd | NotTaken> {
  if (answer.kind !== 'lost') return await watch.followRollback(untilMs)
  const beganAtMs = rollout.ports.clock.monotonicMs()
  const shown = (): 'rollback' | 'none' | 'nothing' => {
    const { latest } = watch
    if (latest?.record === undefined || latest.atMs < beganAtMs) return 'nothing'
    return isReturning(latest.record) ? 'rollback' : 'none'
  }
  let end = await watch.followRollback(Math.min(untilMs, beganAtMs + rollbackBeginsWithinMs))
  if (shown() === 'rollback') rollout.rollback.request = { kind: 'requested' }
  if (end.kind === 'timed-out' && shown() !== 'none') end = await watch.followRollback(untilMs)
  if (end.kind !== 'timed-out' || shown() === 'rollback') return end
  if (shown() === 'nothing') return { kind: 'lost', cause: notSeen(rollout, answer.why) }
  const why = `${answer.why}; its record shows no rollback`
  rollout.rollback.request = { kind: 'refused', why }
  return { kind: 'not-taken', why }
}

/**
 * How a deployment ended that ECS calls over, for whoever does not wait for a rollback: one look, and
 * more only while the record is older than ECS's word.
 * @returns undefined where ECS rolls it back, or does not show its end within a minute.
 * @throws the signal's reason when it aborts.
 */
export async function seeEnd(
  { ports }: Rollout,
  watch: RolloutWatch,
): Promise<WatchEnd | undefined> {
  const beganAtMs = ports.clock.monotonicMs()
  for (const withinMs of [0, rollbackBeginsWithinMs]) {
    const end = await watch.followRollback(beganAtMs + withinMs)
    if (end.kind === 'final') return end
    const record = watch.latest?.record
    if (record !== undefined && isReturning(record)) return undefined
  }
  return undefined
}

/** Nobody has seen whether ECS rolls the deployment back. */
export function notSeen({ place }: Rollout, why: string): ActionError {
  return new ActionError(
    'rollout-lost',
    `ECS was asked to roll back ${describePlace(place)}, and whether it does is not known: ${why}`,
    'Look at the service.',
  )
}

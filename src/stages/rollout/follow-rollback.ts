import type { Landing } from '../../core/rollout/verdict/landing.ts'
import type { RolloutWatch } from './watch-rollout.ts'

/**
 * Watches a deployment that ECS was asked to roll back until it has landed. The request is not the
 * end: the deployment may still become SUCCESSFUL.
 * @param untilMs On the clock that never goes backwards.
 * @throws the signal's reason when it aborts.
 */
export async function followRollback(watch: RolloutWatch, untilMs: number): Promise<Landing> {
  const end = await watch.followRollback(untilMs)
  switch (end.kind) {
    case 'final':
      return end
    case 'timed-out':
      return { kind: 'under-way', condition: end.condition, forMs: end.forMs }
    case 'lost':
      return { kind: 'lost', message: end.cause.message }
    case 'hopeless':
      throw new TypeError('a rollback is judged by ECS alone')
  }
}

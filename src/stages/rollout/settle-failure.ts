import { settle, type Landing, type Settlement } from '../../core/rollout/verdict/landing.ts'
import type { ServiceDeploymentBrief } from '../../core/rollout/observation/observation.ts'
import { followRollback, type NotTaken } from './follow-rollback.ts'
import { deadlineOf, type Rollout } from './rollout.ts'
import { stopDeployment } from './stop-deployment.ts'
import type { RolloutWatch, WatchEnd } from './watch-rollout.ts'

/** A rollback is awaited at least this long, and after the deadline no longer. */
const landsWithinMs = 10 * 60_000

/** A deployment that did not end well, and why. */
export interface Unsettled {
  readonly cause: 'failed' | 'timed-out'
  readonly what: string
  readonly brief: ServiceDeploymentBrief | undefined
  readonly watch: RolloutWatch | undefined
}

/**
 * Does what `on-failure` and `on-timeout` say about a deployment that did not end well.
 * @returns undefined where they leave it alone.
 * @throws the signal's reason when it aborts.
 */
export async function settleFailure(
  rollout: Rollout,
  unsettled: Unsettled,
): Promise<Settlement | undefined> {
  const { cause } = unsettled
  const { onFailure, onTimeout } = rollout.plan.policies
  const asked = cause === 'failed' ? onFailure : onTimeout
  if (asked === 'leave') return undefined
  return settle(cause, await rollBack(rollout, unsettled))
}

async function rollBack(
  rollout: Rollout,
  { cause, what, brief, watch }: Unsettled,
): Promise<Landing> {
  const { plan, ports } = rollout
  if (watch === undefined) return { kind: 'not-asked', why: 'no deployment is under way' }
  if (brief === undefined) {
    const isDenied = rollout.optional.isForgone('ListServiceDeployments')
    const because = isDenied
      ? '; allow ecs:ListServiceDeployments'
      : ': ListServiceDeployments has not shown it'
    const why = `its record is not known${because}`
    ports.report.warning(`${plan.service}: the deployment is not rolled back: ${why}`)
    return { kind: 'not-asked', why }
  }
  const policy = cause === 'failed' ? 'on-failure' : 'on-timeout'
  ports.report.warning(`${plan.service}: ${what}; rolling back as \`${policy}\` says`)
  const answer = await stopDeployment(rollout, brief.arn)
  if (answer.kind === 'refused') return { kind: 'not-asked', why: answer.why }
  const untilMs = Math.max(deadlineOf(rollout), ports.clock.monotonicMs() + landsWithinMs)
  return landingOf(await followRollback(rollout, watch, answer, untilMs))
}

function landingOf(end: WatchEnd | NotTaken): Landing {
  switch (end.kind) {
    case 'final':
      return end
    case 'timed-out':
      return { kind: 'under-way', condition: end.condition, forMs: end.forMs }
    case 'lost':
      return { kind: 'lost', message: end.cause.message }
    case 'not-taken':
      return { kind: 'not-asked', why: end.why }
    case 'hopeless':
      throw new TypeError('a rollback is judged by ECS alone')
  }
}

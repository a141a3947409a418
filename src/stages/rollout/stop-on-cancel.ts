import { pinDeployment } from './pin-deployment.ts'
import { createRollout, type Rollout } from './rollout.ts'
import { stopDeployment } from './stop-deployment.ts'

/** The run itself ends 3.5 s after the signal; this leaves it time to tell. */
const graceMs = 2_500

/**
 * After the signal: asks ECS once to roll our deployment back, and does not wait for more than the
 * answer. Nothing else is written.
 * @param arn The deployment's record, where it was found before the signal.
 * @returns what became of it, for the end of the log.
 */
export async function stopOnCancel(
  { plan, deployment, image, session, ports }: Rollout,
  arn: string | undefined,
): Promise<string> {
  const grace = new AbortController()
  const rollout = createRollout(plan, deployment, image, session, {
    ...ports,
    signal: grace.signal,
  })
  const late = async (): Promise<string> => {
    await ports.clock.sleep(graceMs)
    return rollout.rollback.asked
      ? 'ECS was asked to roll it back; the answer was not awaited'
      : 'ECS took no request to roll it back in time'
  }
  try {
    return await Promise.race([ask(rollout, arn), late()])
  } finally {
    grace.abort(new Error('the time after the signal is over'))
  }
}

async function ask(rollout: Rollout, known: string | undefined): Promise<string> {
  const arn = known ?? (await pinDeployment(rollout))?.arn
  if (arn === undefined) return 'it is not rolled back: its record is not known'
  const answer = await stopDeployment(rollout, arn)
  switch (answer.kind) {
    case 'requested':
      return 'ECS was asked to roll it back and goes on with that'
    case 'over':
      return 'it had ended before it could be rolled back'
    case 'lost':
      return `ECS was asked to roll it back; whether it does is not known: ${answer.why}`
    case 'refused':
      return `it is not rolled back: ${answer.why}`
  }
}

import { pinDeployment } from './pin-deployment.ts'
import { mayGoOn, type RollbackRequest, type StopAnswer } from './rollback-request.ts'
import { createRollout, type Rollout } from './rollout.ts'
import { stopDeployment } from './stop-deployment.ts'

/** The run itself ends 3.5 s after the signal; this leaves it time to tell. */
const graceMs = 2_500

/**
 * After the signal: asks ECS once to roll our deployment back, and does not wait for more than the
 * answer. Nothing else is written.
 * @param arn The deployment's record, where it was found before the signal.
 * @returns what is known of the request when the time is over.
 */
export async function stopOnCancel(
  { plan, deployment, image, session, ports }: Rollout,
  arn: string | undefined,
): Promise<RollbackRequest> {
  const grace = new AbortController()
  const inGrace = { ...ports, signal: grace.signal }
  const rollout = createRollout({ plan, deployment, image, session, ports: inGrace })
  const late = async (): Promise<RollbackRequest> => {
    await ports.clock.sleep(graceMs)
    const { request } = rollout.rollback
    if (mayGoOn(request)) return request
    return { kind: 'refused', why: 'ECS took no request to roll it back in time' }
  }
  try {
    return await Promise.race([ask(rollout, arn), late()])
  } finally {
    grace.abort(new Error('the time after the signal is over'))
  }
}

async function ask(rollout: Rollout, known: string | undefined): Promise<StopAnswer> {
  const arn = known ?? (await pinDeployment(rollout))?.arn
  if (arn === undefined) return { kind: 'refused', why: 'its record is not known' }
  return await stopDeployment(rollout, arn)
}

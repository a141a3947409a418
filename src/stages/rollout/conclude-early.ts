import { ActionError } from '../../core/errors/action-error.ts'
import { describePlace } from '../../core/faults/ecs-fault.ts'
import type { Success } from '../../core/outcome.ts'
import { describePause, howToAnswer } from '../../core/rollout/verdict/pause.ts'
import { rolloutError } from '../../core/rollout/evidence/rollout-error.ts'
import type { ServiceOutcome } from '../../core/rollout/evidence/service-outcome.ts'
import { evidenceOf } from './collect-evidence.ts'
import { outcomeOf, type Seen } from './conclude-rollout.ts'
import { confirmGreen } from './confirm-green.ts'
import { pushedDigests, type Rollout } from './rollout.ts'
import { tellTime } from './tell-time.ts'
import type { EarlyEnd } from './watch-rollout.ts'

type SeenEarly = Pick<Seen, 'brief' | 'latest' | 'history'>

/** Makes the service's outcome of a wait that ended while the deployment goes on. */
export async function concludeEarly(
  rollout: Rollout,
  seen: SeenEarly,
  end: EarlyEnd,
): Promise<ServiceOutcome> {
  const { place, plan, deployment, ports } = rollout
  const record = seen.latest?.record
  const name = record?.arn ?? deployment.deploymentId
  ports.report.goesOn(`the deployment of ${describePlace(place)}: ${name}`)
  switch (end.kind) {
    case 'reached':
      return concludeGreen(
        rollout,
        seen,
        plan.wait.until.kind === 'traffic-shifted' ? 'traffic-shifted' : 'stage-reached',
        `the deployment has come to stage ${record?.lifecycleStage ?? ''}, as far as \`wait-until\` asks`,
      )
    case 'paused': {
      const pause = record === undefined ? end.hook.id : describePause(record, end.hook)
      const what = `the deployment is paused by ${pause}. ${howToAnswer(name, end.hook)}`
      return concludeGreen(rollout, seen, 'paused', what)
    }
    case 'unanswered': {
      const { code, message, remedy } = end.cause
      const advice = `${remedy} ${howToAnswer(name, end.hook)}`
      const what = `the deployment stays paused, its pause could not be answered: ${message}`
      const error = new ActionError(code, what, advice, { cause: end.cause })
      const time = await tellTime(rollout, seen)
      const evidence = { ...evidenceOf(rollout, seen.latest, []), ...time }
      return outcomeOf(rollout, seen.brief, { outcome: 'failed', verified: false, evidence, error })
    }
  }
}

/** Green as far as was asked: verified only by new tasks that are seen to run what was pushed. */
async function concludeGreen(
  rollout: Rollout,
  seen: SeenEarly,
  outcome: Extract<Success, 'paused' | 'stage-reached' | 'traffic-shifted'>,
  what: string,
): Promise<ServiceOutcome> {
  const { brief, latest } = seen
  const { report } = rollout.ports
  const where = describePlace(rollout.place)
  report.notice(`${where}: ${what}`)
  const { finding, runningImages } = await confirmGreen(rollout)
  const time = await tellTime(rollout, seen)
  const evidence = { ...evidenceOf(rollout, latest, runningImages), ...time }
  if (finding === 'other-image') {
    const running = runningImages.map(({ container, digest }) => `${container} runs ${digest}`)
    const wanted = pushedDigests(rollout)
    const error = rolloutError(
      'wrong-image',
      where,
      `the new tasks do not run what was pushed (${wanted}): ${running.join(', ')}`,
      evidence,
    )
    return outcomeOf(rollout, brief, { outcome: 'wrong-image', verified: false, evidence, error })
  }
  const verified = finding === 'ours'
  if (finding === 'no-evidence') {
    report.line(`${where}: not verified: no new task is seen to run`)
  }
  return outcomeOf(rollout, brief, { outcome, verified, evidence })
}

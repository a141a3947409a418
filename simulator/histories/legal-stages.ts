import type { Hook, Reads, Run, ServiceSetup } from './history.ts'
import { isShift, trafficSteps } from './passage.ts'

/** An answer that comes about when the time of its pause is over may be either. */
const beforeTimeoutMs = 60_000
/** Within this the record of the deployment is found, whatever else is slow. */
const foundWithinMs = 20_000

/**
 * A staged deployment is not the first one, needs room for all tasks twice and knows no early
 * success (ECS refuses it); nothing is paused while traffic shifts; one who answers pauses himself
 * leaves nothing to an operator.
 */
export function legalStages(setup: ServiceSetup, run: Run): ServiceSetup {
  const { staged } = setup
  if (staged === undefined) return setup
  const hooks = staged.hooks
    .filter((hook) => hook.kind === 'lambda' || !isShift(hook.stage))
    .map((hook) => legalHook(hook, run))
  return {
    ...setup,
    ...{ minimumHealthyPercent: 100, maximumPercent: 200, earlySuccess: undefined },
    predecessor: 'completed',
    staged: { ...staged, hooks },
  }
}

function legalHook(hook: Hook, run: Run): Hook {
  if (hook.kind === 'lambda' || hook.answer === undefined) return hook
  const timeoutMs = (hook.timeout?.minutes ?? Infinity) * 60_000
  const comes = run.onPause === 'wait' && hook.answer.afterMs <= timeoutMs - beforeTimeoutMs
  return comes ? hook : { ...hook, answer: undefined }
}

/**
 * The action asks for a wait that lasts as long as what is configured to rest at least; it refuses
 * to roll back a first deployment, and can do so only with the deployment's record.
 */
export function legalRun(
  run: Run,
  reads: Reads,
  setup: ServiceSetup,
): { readonly reads: Reads; readonly run: Run } {
  const first = setup.predecessor === 'none'
  const onFailure = first ? 'leave' : run.onFailure
  const onTimeout = first ? 'leave' : run.onTimeout
  const acts = onFailure === 'rollback' || (setup.staged !== undefined && run.onPause !== 'wait')
  const listLagMs = acts ? Math.min(reads.listLagMs, foundWithinMs) : reads.listLagMs
  const deadlineMs = Math.max(run.deadlineMs, restsMinutes(setup, run) * 60_000)
  return { reads: { ...reads, listLagMs }, run: { ...run, onFailure, onTimeout, deadlineMs } }
}

function restsMinutes({ staged, alarms }: ServiceSetup, { onPause }: Run): number {
  if (staged === undefined) return alarms?.bakeTimeMinutes ?? 0
  const steps = trafficSteps(staged)
  const hooks = staged.hooks.flatMap((hook) =>
    hook.kind === 'pause' && onPause === 'wait' ? [hook.timeout?.minutes ?? 0] : [],
  )
  return hooks.reduce(
    (sum, minutes) => sum + minutes,
    staged.bakeTimeMinutes + (steps.length - 1) * staged.step.bakeTimeMinutes,
  )
}

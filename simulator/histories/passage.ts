import type { History, Hook, HookStage, Staged } from './history.ts'

/** So long at least, and at most. */
export interface Stretch {
  readonly leastMs: number
  readonly mostMs: number
}

/** A place on the way, by the time that it takes to get there. */
export interface Place extends Stretch {
  /** It is counted from the end of SCALE_UP, else from the beginning. */
  readonly scaledUp: boolean
}

/** What a staged deployment rests for on its way, apart from its tasks. */
export interface Passage {
  /** From the beginning to SCALE_UP. */
  readonly before: Stretch
  /** From the end of SCALE_UP to CLEAN_UP. */
  readonly after: Stretch
  /** Where a hook has it rolled back; it gets no further. */
  readonly turn: (Place & { readonly endless: boolean }) | undefined
  /** The first pause. */
  readonly pause: Place | undefined
}

/** What each single step of ECS is allowed to take. */
const stepMs = 5_000
/** "…runs the function again after a short period of time": 30 seconds unless it says otherwise. */
const callBackMs = 30_000
/** "defaults to 1440" (API reference, DeploymentLifecycleHook.timeoutConfiguration). */
const dayMinutes = 1440
/** A run answers the pauses that it sees within this, once it knows of the deployment. */
const answeredMs = 60_000
/** An operator looks this often whether there is something to answer. */
export const operatorLooksMs = 5_000

/** The percents of production traffic, step by step. */
export function trafficSteps({ strategy, step: { percent } }: Staged): readonly number[] {
  if (strategy === 'BLUE_GREEN') return [100]
  if (strategy === 'CANARY') return [percent, 100]
  const count = Math.ceil(100 / percent)
  return Array.from({ length: count }, (_, number) => Math.min(100, (number + 1) * percent))
}

interface Stage {
  readonly name: HookStage | 'SCALE_UP' | 'BAKE_TIME' | 'CLEAN_UP'
  /** What it lasts in itself. */
  readonly ownMs: number
}

/**
 * The way forward (developer guide, "Lifecycle stages for Amazon ECS service deployments"). Linear
 * and canary deployments come to the production shift with each step, and rest after all but the last.
 */
function way({ bakeTimeMinutes, step }: Staged, steps: readonly number[]): readonly Stage[] {
  const at = (name: Stage['name'], minutes = 0): Stage => ({ name, ownMs: minutes * 60_000 })
  return [
    ...[at('PRE_SCALE_UP'), at('SCALE_UP'), at('POST_SCALE_UP')],
    ...[at('TEST_TRAFFIC_SHIFT'), at('POST_TEST_TRAFFIC_SHIFT')],
    ...steps.flatMap((percent) => [
      at('PRE_PRODUCTION_TRAFFIC_SHIFT'),
      at('PRODUCTION_TRAFFIC_SHIFT', percent < 100 ? step.bakeTimeMinutes : 0),
    ]),
    ...[at('POST_PRODUCTION_TRAFFIC_SHIFT'), at('BAKE_TIME', bakeTimeMinutes), at('CLEAN_UP')],
  ]
}

/** What the stages of a history's deployment take; undefined for a rolling one. */
export function passageOf(history: History): Passage | undefined {
  const { staged } = history.service
  if (staged === undefined) return undefined
  let before: Stretch = { leastMs: 0, mostMs: 0 }
  let here: Place = { ...before, scaledUp: false }
  let pause: Place | undefined
  for (const { name, ownMs } of way(staged, trafficSteps(staged))) {
    if (name === 'SCALE_UP') {
      before = here
      here = { leastMs: 0, mostMs: 0, scaledUp: true }
    }
    const hook = staged.hooks.find((one) => one.stage === name)
    if (hook?.kind === 'pause') pause ??= here
    const { rests, turns } = passing(hook, history)
    // A hook that turns the deployment back does not wait for what its stage lasts in itself.
    const leastMs = Math.max(rests.leastMs, turns ? 0 : ownMs)
    here = {
      scaledUp: here.scaledUp,
      leastMs: here.leastMs + leastMs,
      mostMs: here.mostMs + rests.mostMs + ownMs + stepMs,
    }
    if (!turns) continue
    const turn = { ...here, endless: here.leastMs >= dayMinutes * 60_000 }
    if (!here.scaledUp) before = here
    return { before, after: here, turn, pause }
  }
  return { before, after: here, turn: undefined, pause }
}

/** How long a hook holds the deployment, and whether it has it rolled back then. */
function passing(
  hook: Hook | undefined,
  { run: { onPause } }: History,
): { readonly rests: Stretch; readonly turns: boolean } {
  if (hook === undefined) return { rests: { leastMs: 0, mostMs: 0 }, turns: false }
  if (hook.kind === 'lambda') {
    const leastMs = hook.waits * callBackMs
    return { rests: { leastMs, mostMs: leastMs + stepMs }, turns: hook.result === 'FAILED' }
  }
  if (onPause === 'continue' || onPause === 'rollback') {
    return { rests: { leastMs: 0, mostMs: answeredMs }, turns: onPause === 'rollback' }
  }
  const { answer, timeout = { minutes: dayMinutes, action: 'ROLLBACK' } } = hook
  if (onPause === 'wait' && answer !== undefined) {
    const { afterMs, action } = answer
    const mostMs = afterMs + 2 * operatorLooksMs
    return { rests: { leastMs: afterMs, mostMs }, turns: action === 'ROLLBACK' }
  }
  const leastMs = timeout.minutes * 60_000
  return { rests: { leastMs, mostMs: leastMs + stepMs }, turns: timeout.action === 'ROLLBACK' }
}

/** "When a roll back happens, Amazon ECS runs the lifecycle hooks" of the two traffic shifts. */
export function hooksOnTheWayBack(history: History): {
  readonly mostMs: number
  readonly mayFail: boolean
} {
  const hooks = (history.service.staged?.hooks ?? []).filter(({ stage }) => isShift(stage))
  const longest = hooks.map((hook) => (hook.kind === 'lambda' ? hook.waits * callBackMs : 0))
  return {
    mostMs: longest.reduce((sum, ms) => sum + ms, hooks.length * stepMs),
    mayFail: hooks.some((hook) => hook.kind === 'lambda' && hook.result === 'FAILED'),
  }
}

/** Stages at which nothing can be paused. */
export function isShift(stage: HookStage): boolean {
  return stage === 'TEST_TRAFFIC_SHIFT' || stage === 'PRODUCTION_TRAFFIC_SHIFT'
}

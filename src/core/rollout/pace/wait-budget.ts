import { numberAt, objectAt, objectsAt, stringAt, stringsAt, type JsonObject } from '../../json.ts'
import type { OnPause } from '../../inputs/deploy/waiting.ts'
import { findStage, stages, type Stage } from '../observation/stage.ts'
import { readTrafficShift } from '../observation/traffic-shift.ts'
import { stageAwaited, type WaitUntil } from '../verdict/wait-until.ts'

/** One thing that a deployment may rest for, as its configuration says. */
export interface PlannedRest {
  /** `the bake time`, for messages. */
  readonly what: string
  readonly minutes: number
}

/**
 * What the configuration lets a deployment rest for before it has come as far as is waited for:
 * bake, steps, and the time-outs that are written for hooks. The time-out that AWS fills in where
 * none is written, a day, counts for nothing: nobody chose it. Neither do pauses that the run ends
 * or answers itself.
 */
export function plannedRests(
  configuration: JsonObject,
  until: WaitUntil,
  onPause: OnPause,
): readonly PlannedRest[] {
  const isBefore = earlierThan(stageAwaited(until))
  const { bakeMs, steps, stepBakeMs } = readTrafficShift(configuration)
  // The traffic rests between two steps; after the last one it bakes.
  const stepsMs = (steps.length - 1) * stepBakeMs
  const rests = [
    { what: 'the bake time', stage: 'BAKE_TIME', minutes: bakeMs / 60_000 },
    { what: 'the steps', stage: 'PRODUCTION_TRAFFIC_SHIFT', minutes: stepsMs / 60_000 },
    ...objectsAt(configuration, 'lifecycleHooks').flatMap((hook) => hookRests(hook, onPause)),
  ]
  return rests
    .filter(({ stage, minutes }) => minutes > 0 && isBefore(stage))
    .map(({ what, minutes }) => ({ what, minutes }))
}

const defaultTimeoutMinutes = 1440

function hookRests(hook: JsonObject, onPause: OnPause) {
  const pause = stringAt(hook, 'targetType') === 'PAUSE'
  if (pause && onPause !== 'wait') return []
  const minutes = numberAt(objectAt(hook, 'timeoutConfiguration'), 'timeoutInMinutes')
  if (minutes === undefined || minutes === defaultTimeoutMinutes) return []
  const what = `the time-out of a ${pause ? 'pause' : 'Lambda'} hook`
  return stringsAt(hook, 'lifecycleStages').map((stage) => ({ what, stage, minutes }))
}

/** Whether a stage is over before `awaited` begins; without one, before the end: every stage is. */
function earlierThan(awaited: Stage | undefined): (stage: string) => boolean {
  if (awaited === undefined) return () => true
  return (stage) => {
    const known = findStage(stage)
    return known === undefined || stages.indexOf(known) < stages.indexOf(awaited)
  }
}

export function sumMinutes(rests: readonly PlannedRest[]): number {
  return rests.reduce((sum, { minutes }) => sum + minutes, 0)
}

/** `the bake time of 10 min, the steps of 54 min` */
export function describeRests(rests: readonly PlannedRest[]): string {
  return rests.map(({ what, minutes }) => `${what} of ${minutes} min`).join(', ')
}

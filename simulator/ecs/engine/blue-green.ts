import type { Deployment } from '../model/deployment.ts'
import {
  hasReached,
  type Lifecycle,
  type LifecycleStage,
  shiftsBegun,
  stageOf,
} from '../model/lifecycle.ts'
import { activeRuns, type Service } from '../model/service.ts'

import type { Batch } from './batch.ts'
import { readDeploymentConfiguration } from './deployment-configuration.ts'
import { advanceHooks, beginHooks } from './hooks.ts'
import type { EngineParts } from './task-launch.ts'
import type { TaskRun } from './task-run.ts'

/** The tasks of a blue/green deployment: `fresh` is green, or blue on the way back. */
export interface Colours {
  readonly desiredCount: number
  readonly fresh: readonly TaskRun[]
  readonly stale: readonly TaskRun[]
  readonly mayStart: boolean
}

/** Which tasks start and stop: green scales up to the full count, blue stays until CLEAN_UP. */
export function blueGreenBatch(lifecycle: Lifecycle, colours: Colours): Batch {
  const { desiredCount, fresh, stale, mayStart } = colours
  const scales = hasReached(lifecycle, 'SCALE_UP') && mayStart
  const leaving = hasReached(lifecycle, 'CLEAN_UP') ? stale.length : 0
  return {
    start: scales ? Math.max(0, desiredCount - fresh.length) : 0,
    stopStaleUnhealthy: leaving,
    stopStaleHealthy: leaving,
    stopFresh: Math.max(0, fresh.length - desiredCount),
    deadlocked: false,
  }
}

/** The traffic moves when its stage begins. */
function shiftTestTraffic(service: Service, primary: Deployment): void {
  const returning = service.records[0]?.rollback !== undefined
  for (const { traffic } of service.deployments) traffic.test = 0
  if (!returning) primary.traffic.test = 100
}

/** What a step does not move stays with blue. */
function shiftProductionTraffic(service: Service, primary: Deployment, lifecycle: Lifecycle): void {
  const percent = lifecycle.steps[shiftsBegun(lifecycle) - 1] ?? 100
  for (const { traffic } of service.deployments) traffic.production = 0
  primary.traffic.production = percent
  const blue = service.lastCompleted
  if (blue !== undefined && blue !== primary) blue.traffic.production = 100 - percent
}

function enter(
  service: Service,
  primary: Deployment,
  lifecycle: Lifecycle,
  stage: LifecycleStage,
  parts: EngineParts,
): void {
  lifecycle.enteredAtMs = parts.clock.now()
  if (stage === 'TEST_TRAFFIC_SHIFT') shiftTestTraffic(service, primary)
  if (stage === 'PRODUCTION_TRAFFIC_SHIFT') shiftProductionTraffic(service, primary, lifecycle)
  lifecycle.hooks = beginHooks(service, stage, parts)
}

/** The least that a stage lasts. After each step but the last the traffic rests. */
function stageMs(
  service: Service,
  lifecycle: Lifecycle,
  stage: LifecycleStage,
  { pace }: EngineParts,
): number {
  const { bakeTimeMs, shift } = readDeploymentConfiguration(service.settings)
  if (stage === 'BAKE_TIME') return bakeTimeMs
  const rests = shiftsBegun(lifecycle) < lifecycle.steps.length
  if (stage === 'PRODUCTION_TRAFFIC_SHIFT' && rests) {
    return pace.trafficShiftMs + (shift?.stepBakeMs ?? 0)
  }
  return stage.endsWith('_SHIFT') && !/^(PRE|POST)_/.test(stage)
    ? pace.trafficShiftMs
    : pace.stageTakesMs
}

/** Whether the tasks are as the end of the stage wants them. */
function tasksAreRight(service: Service, primary: Deployment, stage: LifecycleStage): boolean {
  if (stage === 'SCALE_UP') {
    const fresh = activeRuns(service, primary).filter(({ replaces }) => replaces === undefined)
    return fresh.length === service.desiredCount && fresh.every(({ wasHealthy }) => wasHealthy)
  }
  if (stage !== 'CLEAN_UP') return true
  return !service.runs.some(
    ({ task }) => task.startedBy !== primary.id && task.lastStatus !== 'STOPPED',
  )
}

/** How far a blue/green deployment came; `lookAgainAtMs` where time alone lets it go on. */
export interface StageVerdict {
  readonly verdict: 'under-way' | 'over' | 'hook-failed'
  readonly lookAgainAtMs?: number
}

function stageVerdict(
  service: Service,
  primary: Deployment,
  lifecycle: Lifecycle,
  stage: LifecycleStage,
  parts: EngineParts,
): StageVerdict & { readonly passed: boolean } {
  const hooks = advanceHooks(service, stage, lifecycle.hooks, parts)
  if (hooks.verdict === 'failed') return { verdict: 'hook-failed', passed: false }
  const endsAtMs = lifecycle.enteredAtMs + stageMs(service, lifecycle, stage, parts)
  const timeIsUp = parts.clock.now() >= endsAtMs
  const passed = hooks.verdict === 'passed' && timeIsUp && tasksAreRight(service, primary, stage)
  const nextMs = timeIsUp
    ? hooks.lookAgainAtMs
    : Math.min(endsAtMs, hooks.lookAgainAtMs ?? Infinity)
  return {
    verdict: 'under-way',
    passed,
    ...(nextMs !== undefined && { lookAgainAtMs: nextMs }),
  }
}

/** Goes on to the next stage as often as the present one is done. */
export function advanceStages(
  service: Service,
  primary: Deployment,
  lifecycle: Lifecycle,
  parts: EngineParts,
): StageVerdict {
  for (;;) {
    const stage = stageOf(lifecycle)
    if (stage === undefined) return { verdict: 'over' }
    const { passed, ...verdict } = stageVerdict(service, primary, lifecycle, stage, parts)
    if (!passed) return verdict
    lifecycle.index += 1
    const next = stageOf(lifecycle)
    if (next !== undefined) enter(service, primary, lifecycle, next, parts)
  }
}

/** Enters the first stage of a deployment that begins. */
export function beginStages(service: Service, primary: Deployment, parts: EngineParts): void {
  const lifecycle = service.records[0]?.lifecycle
  const stage = lifecycle && stageOf(lifecycle)
  if (lifecycle !== undefined && stage !== undefined) {
    enter(service, primary, lifecycle, stage, parts)
  }
}

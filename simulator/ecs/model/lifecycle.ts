import type { Json } from '../../wire/service.ts'

/** `ServiceDeploymentLifecycleStage` of the SDK, and the one stage that only its hooks know. */
export type LifecycleStage =
  | 'RECONCILE_SERVICE'
  | 'PRE_SCALE_UP'
  | 'SCALE_UP'
  | 'POST_SCALE_UP'
  | 'TEST_TRAFFIC_SHIFT'
  | 'POST_TEST_TRAFFIC_SHIFT'
  | 'PRE_PRODUCTION_TRAFFIC_SHIFT'
  | 'PRODUCTION_TRAFFIC_SHIFT'
  | 'POST_PRODUCTION_TRAFFIC_SHIFT'
  | 'BAKE_TIME'
  | 'CLEAN_UP'

export type HookAction = 'CONTINUE' | 'ROLLBACK'

/** One execution of a lifecycle hook, an entry of `lifecycleHookDetails`. */
export interface HookRun {
  readonly id: string
  readonly targetType: 'AWS_LAMBDA' | 'PAUSE'
  readonly targetArn?: string
  /** `hookDetails` of its configuration: handed to the function on each invocation. */
  readonly details?: Json
  readonly expiresAtMs: number
  readonly timeoutAction: HookAction
  status: 'AWAITING_ACTION' | 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT'
  /** When the function is invoked next; of AWS_LAMBDA alone. */
  invokeAtMs: number
}

/** Where a blue/green deployment, or its rollback, stands. */
export interface Lifecycle {
  /** In order; not every deployment goes through every stage, and some come back to one. */
  readonly stages: readonly LifecycleStage[]
  /** Percent of the production traffic after each PRODUCTION_TRAFFIC_SHIFT. */
  readonly steps: readonly number[]
  index: number
  enteredAtMs: number
  /** The hooks of the present stage. */
  hooks: readonly HookRun[]
}

/** The stage that `lifecycle` is in; undefined once it is through. */
export function stageOf(lifecycle: Lifecycle): LifecycleStage | undefined {
  return lifecycle.stages[lifecycle.index]
}

/** The production shifts that were begun. */
export function shiftsBegun({ stages, index }: Lifecycle): number {
  return stages.slice(0, index + 1).filter((stage) => stage === 'PRODUCTION_TRAFFIC_SHIFT').length
}

/** Whether the stage was reached, or passed. */
export function hasReached(lifecycle: Lifecycle, stage: LifecycleStage): boolean {
  return lifecycle.index >= lifecycle.stages.indexOf(stage)
}

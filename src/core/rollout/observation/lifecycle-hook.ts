import { dateAt, stringAt, stringsAt, type JsonObject } from '../../json.ts'
import { findStage, type Stage } from './stage.ts'

/** One execution of a lifecycle hook (ECS API reference, ServiceDeployment.lifecycleHookDetails). */
export interface LifecycleHook {
  /** What ContinueServiceDeployment is asked with; another one in every stage and step. */
  readonly id: string
  /** `PAUSE` or `AWS_LAMBDA`. */
  readonly targetType: string | undefined
  /** The function; a pause has none. */
  readonly targetArn: string | undefined
  /** `AWAITING_ACTION`, `IN_PROGRESS`, `SUCCEEDED`, `FAILED`, `TIMED_OUT`. */
  readonly status: string | undefined
  readonly expiresAt: Date | undefined
  /** What ECS does then: `CONTINUE` or `ROLLBACK`. */
  readonly timeoutAction: string | undefined
}

export function readLifecycleHook(detail: JsonObject): LifecycleHook {
  return {
    id: stringAt(detail, 'hookId') ?? '',
    targetType: stringAt(detail, 'targetType'),
    targetArn: stringAt(detail, 'targetArn'),
    status: stringAt(detail, 'status'),
    expiresAt: dateAt(detail, 'expiresAt'),
    timeoutAction: stringAt(detail, 'timeoutAction'),
  }
}

/** How a hook is called in messages: its function, or its id. */
export function nameHook({ id, targetArn }: LifecycleHook): string {
  return targetArn === undefined ? `pause hook ${id}` : `Lambda hook ${targetArn}`
}

/** A hook as a service has it (ECS API reference, DeploymentLifecycleHook). */
export interface HookSettings {
  /** The function; a pause has none. */
  readonly targetArn: string | undefined
  readonly lifecycleStages: readonly Stage[]
}

export function readHookSettings(hook: JsonObject): HookSettings {
  return {
    targetArn: stringAt(hook, 'hookTargetArn'),
    lifecycleStages: stringsAt(hook, 'lifecycleStages').flatMap((stage) => findStage(stage) ?? []),
  }
}

import { booleanAt, objectsAt, stringAt, type JsonObject } from '../json.ts'
import type { TaskContainer } from '../rollout/observation/stopped-tasks.ts'
import type { ObservedTask } from './observed-task.ts'

/** How a one-off task ended. */
export type TaskVerdict =
  | { readonly kind: 'going-on' }
  | { readonly kind: 'succeeded'; readonly exitCode: 0 }
  /** TaskFailedToStart: no container's exit code says anything. */
  | { readonly kind: 'not-started' }
  /** Somebody or something else than its containers ended it: a person, Spot, the host. */
  | { readonly kind: 'interrupted' }
  /** The definition names no container that decides: the exit codes say nothing. */
  | { readonly kind: 'undecided' }
  | {
      readonly kind: 'failed'
      /** The first of those that decide and did not end with 0. */
      readonly container: string
      /** Undefined: the container never ran, or ECS does not know. */
      readonly exitCode: number | undefined
    }

/**
 * Judges a task by what decides: the chosen container alone, else all essential ones. A chosen
 * container that has ended by itself decides at once, even if others keep the task alive. An exit
 * code counts only where the containers ended by themselves: one that is stopped may well say 0.
 * @param definition What the task was made of; containers that it does not name (as of GuardDuty)
 * decide nothing.
 */
export function judgeTask(
  task: ObservedTask,
  definition: JsonObject,
  chosen: string | undefined,
): TaskVerdict {
  const deciding = decidingContainers(task, definition, chosen)
  if (task.lastStatus !== 'STOPPED') {
    const early = chosen !== undefined && task.desiredStatus === 'RUNNING'
    const ended = task.containerStatus.get(chosen ?? '') === 'STOPPED'
    return early && ended ? byExitCodes(deciding) : { kind: 'going-on' }
  }
  if (task.stopCode === 'TaskFailedToStart') return { kind: 'not-started' }
  if (task.stopCode !== '' && task.stopCode !== 'EssentialContainerExited') {
    return { kind: 'interrupted' }
  }
  return byExitCodes(deciding)
}

function byExitCodes(deciding: readonly Pick<TaskContainer, 'name' | 'exitCode'>[]): TaskVerdict {
  if (deciding.length === 0) return { kind: 'undecided' }
  const bad = deciding.filter(({ exitCode }) => exitCode !== 0)
  // A container that failed by itself is named before one that was killed along.
  const worst = bad.find(({ exitCode }) => !isKilled(exitCode)) ?? bad[0]
  return worst === undefined
    ? { kind: 'succeeded', exitCode: 0 }
    : { kind: 'failed', container: worst.name, exitCode: worst.exitCode }
}

/** What a container ends with that ECS stops: SIGKILL, SIGTERM. */
export function isKilled(exitCode: number | undefined): boolean {
  return exitCode === 137 || exitCode === 143
}

function decidingContainers(
  task: ObservedTask,
  definition: JsonObject,
  chosen: string | undefined,
): readonly Pick<TaskContainer, 'name' | 'exitCode'>[] {
  return decidingNames(definition, chosen).map(
    (name) =>
      task.containers.find((container) => container.name === name) ?? { name, exitCode: undefined },
  )
}

function decidingNames(definition: JsonObject, chosen: string | undefined): readonly string[] {
  if (chosen !== undefined) return [chosen]
  return objectsAt(definition, 'containerDefinitions')
    .filter((container) => booleanAt(container, 'essential') !== false)
    .map((container) => stringAt(container, 'name') ?? '')
}

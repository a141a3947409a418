import { ActionError } from '../errors/action-error.ts'
import { findCause } from '../rollout/causes/causes.ts'
import { describeStop } from '../rollout/evidence/describe-task.ts'
import { fullReason } from '../rollout/observation/stopped-tasks.ts'
import type { ObservedTask } from './observed-task.ts'
import { isKilled, type TaskVerdict } from './task-verdict.ts'

export type RedVerdict = Exclude<TaskVerdict, { kind: 'going-on' | 'succeeded' }>

/**
 * The error of a task that ended red.
 * @param where `task 0123 of web:13 in cluster "prod" (eu-west-1)`
 * @param lines The last lines of the container that failed. Untrusted.
 */
export function taskError(
  verdict: RedVerdict,
  task: ObservedTask,
  where: string,
  lines: readonly string[],
): ActionError {
  const cause = findCause(fullReason(task))
  const details = { details: lines }
  const message = (what: string) => `${where} ${what}: ${describeStop(task)}`.replace(/\s+/g, ' ')
  switch (verdict.kind) {
    case 'not-started': {
      const remedy = cause?.remedy ?? 'See the reason: image, secrets, network and log group.'
      return new ActionError('task-not-started', message('failed to start'), remedy, details)
    }
    case 'interrupted': {
      const remedy =
        'Run the job again if the task may run twice; on Fargate Spot it can be interrupted at any time.'
      return new ActionError('task-interrupted', message('was stopped'), remedy, details)
    }
    case 'undecided': {
      const remedy =
        'Look at the task and its definition: no essential container of it is known, so nobody can tell how it ended.'
      return new ActionError('task-lost', message('ended without a container that decides'), remedy)
    }
    case 'failed': {
      const name = JSON.stringify(verdict.container)
      const { exitCode } = verdict
      const what =
        exitCode === undefined
          ? `ended, and container ${name} has no exit code`
          : `ended, container ${name} with exit code ${exitCode}`
      return new ActionError('task-failed', message(what), remedyOf(verdict, task), details)
    }
  }
}

function remedyOf(
  { container, exitCode }: Extract<RedVerdict, { kind: 'failed' }>,
  { containers }: ObservedTask,
): string {
  const reason = containers.find(({ name }) => name === container)?.reason ?? ''
  const cause = findCause(reason)
  if (cause !== undefined) return cause.remedy
  // A sidecar that is killed once the work is done.
  if (isKilled(exitCode) && containers.some((other) => other.exitCode === 0)) {
    return 'Set `run-task-container` to the container whose exit code decides, or make the sidecar not essential.'
  }
  return "Correct what the container's log says, and run the job again."
}

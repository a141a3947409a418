import { findTaskCause } from '../causes/causes.ts'
import { fullReason, worstFirst, type Task } from '../observation/stopped-tasks.ts'

/**
 * Why a task stopped, in one line: the cause in our words where it is known, ECS's own words, and
 * how its containers ended. Holds untrusted text.
 */
export function describeStop(task: Task): string {
  const reason = fullReason(task)
  const cause = findTaskCause(reason, worstFirst(task.containers)[0]?.exitCode)
  const exits = task.containers
    .filter(({ exitCode }) => exitCode !== undefined)
    .map(({ name, exitCode }) => `${name} exit ${exitCode ?? ''}`)
  const ended = exits.length === 0 ? '' : ` (${exits.join(', ')})`
  const plain = cause?.sentence ?? 'unknown cause'
  return `${plain}: ${reason === '' ? task.stopCode : reason}${ended}`
}

import type { Task } from './model/task.ts'

/**
 * The address of a task's network interface. Where the driver gives none, a task that is a load
 * balancer's target has one made of its id: its target and its attachment name the same.
 */
export function addressOf(task: Task): string | undefined {
  if (task.privateIPv4Address !== undefined) return task.privateIPv4Address
  return task.target === 'unused' ? undefined : madeUp(task.id)
}

function madeUp(taskId: string): string {
  const bytes = [0, 2, 4].map((at) => Number.parseInt(taskId.slice(at, at + 2), 16))
  return ['10', ...bytes.map((byte) => (Number.isNaN(byte) ? 0 : byte))].join('.')
}

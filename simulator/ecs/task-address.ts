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
  const bits = Number.parseInt(taskId.slice(0, 6), 16) || 0
  return `10.${String(bits >> 16)}.${String((bits >> 8) & 0xff)}.${String(bits & 0xff)}`
}

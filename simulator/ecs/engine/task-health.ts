import { numberMember } from '../../wire/members.ts'
import { type Task, taskHealth } from '../model/task.ts'
import type { Service } from '../model/service.ts'

export type Verdict = 'undecided' | 'healthy' | 'failed-container-checks' | 'failed-target-checks'

/** The moment until which bad health is overlooked: `healthCheckGracePeriodSeconds`. */
export function graceEndsAtMs(task: Task, service: Service): number {
  const seconds = numberMember(service.settings, 'healthCheckGracePeriodSeconds') ?? 0
  return (task.startedAtMs ?? Infinity) + seconds * 1000
}

/**
 * What the scheduler thinks of a task. Healthy means: its target is, and so are its checked
 * containers; with neither a target nor a check, it has been RUNNING for `settledAfterMs`.
 */
export function verdictOn(
  task: Task,
  service: Service,
  nowMs: number,
  settledAfterMs: number,
): Verdict {
  if (task.lastStatus !== 'RUNNING' || task.desiredStatus !== 'RUNNING') return 'undecided'
  const health = taskHealth(task)
  if (nowMs >= graceEndsAtMs(task, service)) {
    if (health === 'UNHEALTHY') return 'failed-container-checks'
    if (task.target === 'unhealthy') return 'failed-target-checks'
  }
  const checked = task.containers.some(({ essential, checked }) => essential && checked)
  if (checked && health !== 'HEALTHY') return 'undecided'
  if (task.target !== 'unused') return task.target === 'healthy' ? 'healthy' : 'undecided'
  const settled = checked || nowMs - (task.startedAtMs ?? nowMs) >= settledAfterMs
  return settled ? 'healthy' : 'undecided'
}

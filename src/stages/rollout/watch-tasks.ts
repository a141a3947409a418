import { describeStop } from '../../core/rollout/evidence/describe-task.ts'
import { deploymentOf, type Observation } from '../../core/rollout/observation/observation.ts'
import { failureKind } from '../../core/rollout/observation/stopped-tasks.ts'
import { isTasksLook } from '../../core/rollout/pace/poll-interval.ts'
import {
  emptyTaskHistory,
  findHopelessness,
  rememberRecovery,
  rememberTargets,
  rememberTasks,
  type TaskHistory,
} from '../../core/rollout/verdict/fail-fast.ts'
import { readTargetHealth } from './read-target-health.ts'
import { askTasksOf, readTasksOf } from './read-tasks.ts'
import type { Rollout } from './rollout.ts'

/** Watches the tasks of one deployment: reads them when they are due, tells of those that stop. */
export class TaskWatch {
  readonly #rollout: Rollout
  #history: TaskHistory = emptyTaskHistory
  /** Whether the tasks could not be read when they were due, and are at the next look. */
  #isOwed = false

  constructor(rollout: Rollout) {
    this.#rollout = rollout
  }

  /** What was seen of the tasks; some of it ECS has forgotten by now. */
  get history(): TaskHistory {
    return this.#history
  }

  /** Reads the tasks where that look at the service makes them due. */
  async lookOn(look: number, previous: Observation | undefined, seen: Observation): Promise<void> {
    if (this.#areDue(look, previous, seen)) await this.#read()
  }

  /** Our own detector. Where a breaker or alarms judge, only they do. */
  async findHopelessness(): Promise<
    { readonly kind: 'hopeless'; readonly reason: string } | undefined
  > {
    const { watched, plan, checks } = this.#rollout
    if (watched.guards.breaker || watched.guards.alarms) return undefined
    const find = () => findHopelessness(this.#history, plan.wait.maxTaskFailures, checks)
    if (find() !== undefined && checks.balanced) await this.#readTargets()
    const reason = find()
    return reason === undefined ? undefined : { kind: 'hopeless', reason }
  }

  #areDue(look: number, previous: Observation | undefined, seen: Observation): boolean {
    const id = this.#rollout.deployment.deploymentId
    const before = previous && deploymentOf(previous.service, id)
    const now = deploymentOf(seen.service, id)
    const failed = (now?.failedTasks ?? 0) - (before?.failedTasks ?? 0)
    if (failed < 0) this.#history = rememberRecovery(this.#history)
    const counted = (seen.record?.breakerFailures ?? 0) > (previous?.record?.breakerFailures ?? 0)
    const fewer = (now?.runningCount ?? 0) < (before?.runningCount ?? 0)
    return failed > 0 || counted || fewer || this.#isOwed || isTasksLook(id, look)
  }

  async #read(): Promise<void> {
    const [stopped, running] = await Promise.all([
      askTasksOf(this.#rollout, 'STOPPED'),
      askTasksOf(this.#rollout, 'RUNNING'),
    ])
    this.#isOwed = !this.#isOwed && !(stopped.isWhole && running.isWhole)
    const tasks = [...stopped.tasks, ...running.tasks]
    const known = this.#history.stopped
    this.#history = rememberTasks(this.#history, tasks, this.#rollout.checks)
    const { report } = this.#rollout.ports
    let first = ![...known.values()].some((task) => failureKind(task) !== undefined)
    for (const task of this.#history.stopped.values()) {
      if (known.has(task.arn) || failureKind(task) === undefined) continue
      const line = `${this.#rollout.plan.service}: a new task stopped: ${describeStop(task)}`
      // The first failure is worth an annotation; the others are counted in the end.
      if (first) report.warning(line)
      else report.untrusted(line)
      first = false
    }
  }

  /** Asked for only when failures are judged: a task may have become healthy since the last one. */
  async #readTargets(): Promise<void> {
    const [tasks, targets] = await Promise.all([
      readTasksOf(this.#rollout, 'RUNNING'),
      readTargetHealth(this.#rollout),
    ])
    this.#history = rememberTargets(this.#history, tasks, targets, this.#rollout.checks)
  }
}

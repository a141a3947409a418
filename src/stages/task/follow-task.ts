import { ActionError } from '../../core/errors/action-error.ts'
import { readObservedTask, type ObservedTask } from '../../core/tasks/observed-task.ts'
import { judgeTask, type TaskVerdict } from '../../core/tasks/task-verdict.ts'
import type { TaskLogs } from './follow-logs.ts'
import type { OneOffTask } from './one-off-task.ts'
import { MissedLooks } from '../rollout/missed-looks.ts'
import { Rounds } from '../rollout/rounds.ts'
import { untilAborted } from '../aws/until-aborted.ts'

/** How following a task ends. */
export type TaskEnd =
  | {
      readonly kind: 'judged'
      readonly verdict: Exclude<TaskVerdict, { kind: 'going-on' }>
      readonly task: ObservedTask
    }
  | { readonly kind: 'timed-out'; readonly lastStatus: string }
  /** We cannot see any more; the task may go on. */
  | { readonly kind: 'lost'; readonly cause: ActionError }

/** ECS may not know a task for a while after it was started (eventual consistency): a minute. */
const mostMissing = 15

/** Follows a task to its end: looks, tells what changed, tells its log, judges, rests. */
export class TaskWatch {
  readonly #work: OneOffTask
  readonly #arn: string
  readonly #logs: TaskLogs
  readonly #rounds: Rounds
  readonly #missed: MissedLooks
  #status = ''
  #missing = 0

  constructor(work: OneOffTask, arn: string, logs: TaskLogs) {
    this.#work = work
    this.#arn = arn
    this.#logs = logs
    this.#rounds = new Rounds(work.ports.clock)
    this.#missed = new MissedLooks({ ...work, rounds: this.#rounds })
  }

  /** @throws the signal's reason when it aborts. */
  async run(untilMs: number): Promise<TaskEnd> {
    const { clock, signal } = this.#work.ports
    for (let look = 0; ; look += 1) {
      const end = await this.#lookOnce()
      if (end !== undefined) return end
      const mostMs = untilMs - clock.monotonicMs()
      if (mostMs <= 0) return { kind: 'timed-out', lastStatus: this.#status }
      const about = { deploymentId: this.#arn, look, again: this.#missed.again }
      await this.#rounds.rest({ ...about, restLeftMs: undefined, mostMs }, signal)
    }
  }

  async #lookOnce(): Promise<TaskEnd | undefined> {
    const { plan, revision, session, ports } = this.#work
    const beganAtMs = ports.clock.monotonicMs()
    let task: ObservedTask | undefined
    try {
      const call = () => session.ecs.describeTasks({ cluster: plan.cluster, tasks: [this.#arn] })
      task = readObservedTask(await untilAborted(call, ports.signal))
    } catch (error) {
      const cause = this.#missed.count(error, beganAtMs)
      return cause && { kind: 'lost', cause }
    }
    this.#missed.forget(beganAtMs)
    if (task === undefined) return this.#notThere()
    this.#missing = 0
    this.#tell(task)
    await this.#logs.readOn()
    const verdict = judgeTask(task, revision.definition, plan.container)
    return verdict.kind === 'going-on' ? undefined : { kind: 'judged', verdict, task }
  }

  #tell({ lastStatus }: ObservedTask): void {
    if (lastStatus === this.#status) return
    this.#status = lastStatus
    this.#work.ports.report.line(`${this.#work.name}: ${lastStatus}`)
  }

  #notThere(): TaskEnd | undefined {
    this.#missing += 1
    if (this.#missing < mostMissing) return undefined
    const cause = new ActionError(
      'task-lost',
      `ECS does not know ${this.#arn} (MISSING)`,
      'Look at the tasks of the cluster: whether it ended, and how, could not be seen.',
    )
    return { kind: 'lost', cause }
  }
}

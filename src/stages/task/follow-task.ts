import { ActionError } from '../../core/errors/action-error.ts'
import { readObservedTask, type ObservedTask } from '../../core/tasks/observed-task.ts'
import { judgeTask, type TaskVerdict } from '../../core/tasks/task-verdict.ts'
import type { TaskLogs } from './follow-logs.ts'
import type { OneOffTask } from './one-off-task.ts'
import { Looks } from '../looks/looks.ts'
import { Rounds } from '../looks/rounds.ts'
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
  readonly #looks: Looks
  #status = ''
  #missing = 0

  constructor(work: OneOffTask, arn: string, logs: TaskLogs) {
    this.#work = work
    this.#arn = arn
    this.#logs = logs
    this.#looks = new Looks({ ...work, subject: arn, rounds: new Rounds(work.ports.clock) })
  }

  /** @throws the signal's reason when it aborts. */
  async run(untilMs: number): Promise<TaskEnd> {
    const { clock } = this.#work.ports
    for (;;) {
      const end = await this.#lookOnce()
      if (end !== undefined) return end
      const mostMs = untilMs - clock.monotonicMs()
      if (mostMs <= 0) return { kind: 'timed-out', lastStatus: this.#status }
      await this.#looks.rest(mostMs)
    }
  }

  async #lookOnce(): Promise<TaskEnd | undefined> {
    const { plan, revision, session, ports } = this.#work
    const call = () => session.ecs.describeTasks({ cluster: plan.cluster, tasks: [this.#arn] })
    const taken = await this.#looks.take(async () =>
      readObservedTask(await untilAborted(call, ports.signal)),
    )
    if (taken.kind !== 'seen') return taken.kind === 'lost' ? taken : undefined
    const task = taken.seen
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

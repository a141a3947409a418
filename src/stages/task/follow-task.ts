import { ActionError } from '../../core/errors/action-error.ts'
import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { explainEcs } from '../../core/faults/ecs.ts'
import { pollIntervalMs } from '../../core/rollout/pace/poll-interval.ts'
import { readObservedTask, type ObservedTask } from '../../core/tasks/observed-task.ts'
import { judgeTask, type TaskVerdict } from '../../core/tasks/task-verdict.ts'
import type { TaskLogs } from './follow-logs.ts'
import type { OneOffTask } from './one-off-task.ts'
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

/** Looks that fail in a row before we say that we cannot see; credentials and permissions: two. */
const mostFailures = 10
const mostRefusals = 2
/** ECS may not know a task for a while after it was started (eventual consistency): a minute. */
const mostMissing = 15

/** Follows a task to its end: looks, tells what changed, tells its log, judges, rests. */
export class TaskWatch {
  readonly #work: OneOffTask
  readonly #arn: string
  readonly #logs: TaskLogs
  #status = ''
  #failures = 0
  #refusals = 0
  #throttled = 0
  #missing = 0

  constructor(work: OneOffTask, arn: string, logs: TaskLogs) {
    this.#work = work
    this.#arn = arn
    this.#logs = logs
  }

  /** @throws the signal's reason when it aborts. */
  async run(untilMs: number): Promise<TaskEnd> {
    const { clock, signal } = this.#work.ports
    for (let look = 0; ; look += 1) {
      const end = await this.#lookOnce()
      if (end !== undefined) return end
      const leftMs = untilMs - clock.monotonicMs()
      if (leftMs <= 0) return { kind: 'timed-out', lastStatus: this.#status }
      const restMs = pollIntervalMs(this.#arn, look, this.#throttled)
      await clock.sleep(Math.min(leftMs, restMs), signal)
    }
  }

  async #lookOnce(): Promise<TaskEnd | undefined> {
    const { plan, revision, session, ports } = this.#work
    let task: ObservedTask | undefined
    try {
      const call = () => session.ecs.describeTasks({ cluster: plan.cluster, tasks: [this.#arn] })
      task = readObservedTask(await untilAborted(call, ports.signal))
    } catch (error) {
      return this.#miss(error)
    }
    this.#failures = this.#refusals = this.#throttled = 0
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

  /** A look that failed. Throttling is not counted: it only slows us down. */
  #miss(error: unknown): TaskEnd | undefined {
    const { place, ports } = this.#work
    ports.signal.throwIfAborted()
    if (!(error instanceof AwsFailure || error instanceof ActionError)) throw error
    const cause = error instanceof AwsFailure ? explainEcs(error, place) : error
    ports.report.detail(`a look failed: ${cause.message}`)
    if (error instanceof AwsFailure && error.throttled) {
      this.#throttled += 1
      return undefined
    }
    this.#failures += 1
    if (error instanceof AwsFailure && (error.credentialsGone || error.denied)) this.#refusals += 1
    const lost = this.#failures >= mostFailures || this.#refusals >= mostRefusals
    return lost ? { kind: 'lost', cause } : undefined
  }
}

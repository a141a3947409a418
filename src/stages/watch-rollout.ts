import { ActionError } from '../core/errors/action-error.ts'
import { AwsFailure } from '../core/errors/aws-failure.ts'
import { explainEcs } from '../core/faults/ecs.ts'
import { describeStop } from '../core/rollout/describe-task.ts'
import {
  emptyTaskHistory,
  findHopelessness,
  rememberRecovery,
  rememberTasks,
  type TaskHistory,
} from '../core/rollout/fail-fast.ts'
import { deploymentOf, type Observation } from '../core/rollout/observation.ts'
import { pollIntervalMs } from '../core/rollout/poll-interval.ts'
import { describeProgress } from '../core/rollout/progress.ts'
import { failureKind } from '../core/rollout/stopped-tasks.ts'
import { judge } from '../core/rollout/verdict.ts'
import { remember, type FinalVerdict, type GoingOn, type Memory } from '../core/rollout/watch.ts'
import { lookAtService } from './look-at-service.ts'
import { readTasksOf } from './read-tasks.ts'
import type { Rollout } from './rollout.ts'

/** How a watch ends. */
export type WatchEnd =
  | FinalVerdict
  /** Our own detector, where no guard of the service judges. */
  | { readonly kind: 'hopeless'; readonly reason: string }
  | { readonly kind: 'timed-out'; readonly condition: string; readonly forMs: number }
  /** We cannot see any more; the deployment goes on. */
  | { readonly kind: 'lost'; readonly cause: ActionError }

/** Looks that fail in a row before we say that we cannot see; credentials and permissions: two. */
const mostFailures = 10
const mostRefusals = 2
/** Tasks are read on every rise of the failures that ECS counts, and at every this-many-th look. */
const tasksEveryLooks = 8

/** Watches one deployment to its end: looks, tells what changed, judges, rests. */
export class RolloutWatch {
  readonly #rollout: Rollout
  readonly #arn: string | undefined
  readonly #told = new Set<string>()
  #memory: Memory | undefined
  #history: TaskHistory = emptyTaskHistory
  #awaited: { readonly condition: string; readonly sinceMs: number }
  #doomed = false
  #failures = 0
  #refusals = 0
  #throttled = 0

  /** @param arn The deployment's own record, where it was found. */
  constructor(rollout: Rollout, arn: string | undefined) {
    this.#rollout = rollout
    this.#arn = arn
    const sinceMs = rollout.ports.clock.monotonicMs()
    this.#awaited = { condition: 'a first look succeeds', sinceMs }
  }

  /** The latest good look. */
  get latest(): Observation | undefined {
    return this.#memory?.latest
  }

  /** What was seen of the tasks of the deployment; some of it ECS has forgotten by now. */
  get history(): TaskHistory {
    return this.#history
  }

  /** @throws the signal's reason when it aborts. */
  async run(): Promise<WatchEnd> {
    const { ports, plan, deployment } = this.#rollout
    const untilMs = deployment.requestedAtMs + plan.wait.deadlineMs
    for (let look = 0; ; look += 1) {
      const end = await this.#lookOnce(look)
      if (end !== undefined) return end
      const leftMs = untilMs - ports.clock.monotonicMs()
      if (leftMs <= 0) {
        const { condition, sinceMs } = this.#awaited
        return { kind: 'timed-out', condition, forMs: ports.clock.monotonicMs() - sinceMs }
      }
      const restMs = pollIntervalMs(deployment.deploymentId, look, this.#throttled)
      await ports.clock.sleep(Math.min(leftMs, restMs), ports.signal)
    }
  }

  async #lookOnce(look: number): Promise<WatchEnd | undefined> {
    let seen: Observation
    try {
      seen = await lookAtService(this.#rollout, this.#arn)
    } catch (error) {
      return this.#miss(error)
    }
    this.#failures = this.#refusals = this.#throttled = 0
    const previous = this.#memory?.latest
    this.#memory = remember(this.#memory, seen, this.#rollout.deployment.deploymentId)
    this.#tell(previous, seen)
    if (this.#tasksAreDue(look, previous, seen)) await this.#readTasks()
    const verdict = judge(this.#rollout.watched, this.#memory)
    if (verdict.kind === 'final') return verdict
    this.#await(verdict)
    return this.#findHopelessness()
  }

  /** A look that failed. Throttling is not counted: it only slows us down. */
  #miss(error: unknown): WatchEnd | undefined {
    const { report } = this.#rollout.ports
    if (!(error instanceof AwsFailure || error instanceof ActionError)) throw error
    this.#rollout.ports.signal.throwIfAborted()
    const cause = error instanceof AwsFailure ? explainEcs(error, this.#rollout.place) : error
    report.detail(`a look failed: ${cause.message}`)
    if (error instanceof AwsFailure && error.throttled) {
      this.#throttled += 1
      return undefined
    }
    this.#failures += 1
    if (error instanceof AwsFailure && (error.credentialsGone || error.denied)) this.#refusals += 1
    const lost = this.#failures >= mostFailures || this.#refusals >= mostRefusals
    return lost ? { kind: 'lost', cause } : undefined
  }

  #tell(previous: Observation | undefined, seen: Observation): void {
    const { ports, plan, deployment } = this.#rollout
    const told = describeProgress(deployment.deploymentId, previous, seen, this.#told)
    for (const line of told.lines) ports.report.line(`${plan.service}: ${line}`)
    for (const { id, message } of told.events) {
      this.#told.add(id)
      ports.report.untrusted(`${plan.service}: event: ${message}`)
    }
  }

  #tasksAreDue(look: number, previous: Observation | undefined, seen: Observation): boolean {
    const id = this.#rollout.deployment.deploymentId
    const before = previous && deploymentOf(previous.service, id)
    const now = deploymentOf(seen.service, id)
    const failed = (now?.failedTasks ?? 0) - (before?.failedTasks ?? 0)
    if (failed < 0) this.#history = rememberRecovery(this.#history)
    const counted = (seen.record?.breakerFailures ?? 0) > (previous?.record?.breakerFailures ?? 0)
    const fewer = (now?.runningCount ?? 0) < (before?.runningCount ?? 0)
    return failed > 0 || counted || fewer || (look > 0 && look % tasksEveryLooks === 0)
  }

  async #readTasks(): Promise<void> {
    const [stopped, running] = await Promise.all([
      readTasksOf(this.#rollout, 'STOPPED'),
      readTasksOf(this.#rollout, 'RUNNING'),
    ])
    const known = this.#history.stopped
    this.#history = rememberTasks(this.#history, [...stopped, ...running], this.#rollout.checks)
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

  #await({ condition, doomed, reason }: GoingOn): void {
    const { ports, plan } = this.#rollout
    if (condition !== this.#awaited.condition) {
      this.#awaited = { condition, sinceMs: ports.clock.monotonicMs() }
    }
    if (!doomed || this.#doomed) return
    this.#doomed = true
    const why = reason?.replace(/\.$/, '') ?? 'ECS gave no reason yet'
    ports.report.warning(
      `${plan.service}: the deployment has failed: ${why}; waiting until ${condition}`,
    )
  }

  /** Where a breaker or alarms judge, only they do. */
  #findHopelessness(): WatchEnd | undefined {
    const { watched, plan, checks } = this.#rollout
    if (watched.guards.breaker || watched.guards.alarms || this.#doomed) return undefined
    const reason = findHopelessness(this.#history, plan.wait.maxTaskFailures, checks)
    return reason === undefined ? undefined : { kind: 'hopeless', reason }
  }
}

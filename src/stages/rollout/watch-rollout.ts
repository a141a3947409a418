import { ActionError } from '../../core/errors/action-error.ts'
import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { explainEcs } from '../../core/faults/ecs.ts'
import { describeStop } from '../../core/rollout/evidence/describe-task.ts'
import {
  emptyTaskHistory,
  findHopelessness,
  rememberRecovery,
  rememberTargets,
  rememberTasks,
  type TaskHistory,
} from '../../core/rollout/verdict/fail-fast.ts'
import { deploymentOf, type Observation } from '../../core/rollout/observation/observation.ts'
import { isTasksLook } from '../../core/rollout/pace/poll-interval.ts'
import { pausesOf } from '../../core/rollout/verdict/pause.ts'
import { describeProgress } from '../../core/rollout/evidence/progress.ts'
import { failureKind } from '../../core/rollout/observation/stopped-tasks.ts'
import { judge } from '../../core/rollout/verdict/verdict.ts'
import { restLeftMs } from '../../core/rollout/pace/rest.ts'
import { isReached } from '../../core/rollout/verdict/wait-until.ts'
import {
  remember,
  type FinalVerdict,
  type GoingOn,
  type Memory,
} from '../../core/rollout/verdict/watch.ts'
import { heedPauses, type PauseEnd } from './heed-pauses.ts'
import { lookAtService } from './look-at-service.ts'
import { readTargetHealth } from './read-target-health.ts'
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

/** The wait ends before the deployment does, as it was asked to or has to. */
export type EarlyEnd = { readonly kind: 'reached' } | PauseEnd

/** Looks that fail in a row before we say that we cannot see; credentials and permissions: two. */
const mostFailures = 10
const mostRefusals = 2

/** Watches one deployment to its end: looks, tells what changed, judges, rests. */
export class RolloutWatch {
  readonly #rollout: Rollout
  readonly #arn: string | undefined
  readonly #told = new Set<string>()
  /** Ids of the hooks that were answered, or told of. */
  readonly #heeded = new Set<string>()
  #memory: Memory | undefined
  #history: TaskHistory = emptyTaskHistory
  #awaited: { readonly condition: string; readonly sinceMs: number }
  #doomed = false
  #failures = 0
  #refusals = 0

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
  async run(): Promise<WatchEnd | EarlyEnd> {
    const { plan, deployment } = this.#rollout
    const untilMs = deployment.requestedAtMs + plan.wait.deadlineMs
    return await this.#watchUntil(untilMs, () => this.#heedStage())
  }

  /** Goes on after a rollback was asked for: from here on ECS alone judges. */
  async followRollback(untilMs: number): Promise<WatchEnd> {
    this.#doomed = true
    return await this.#watchUntil<never>(untilMs, () => Promise.resolve(undefined))
  }

  /** @param heed What may end the wait although ECS has not decided. */
  async #watchUntil<E>(untilMs: number, heed: () => Promise<E | undefined>): Promise<WatchEnd | E> {
    const { ports, deployment, rounds } = this.#rollout
    for (let look = 0; ; look += 1) {
      const end = (await this.#lookOnce(look)) ?? (await heed())
      if (end !== undefined) return end
      const leftMs = untilMs - ports.clock.monotonicMs()
      if (leftMs <= 0) {
        const { condition, sinceMs } = this.#awaited
        return { kind: 'timed-out', condition, forMs: ports.clock.monotonicMs() - sinceMs }
      }
      const wish = { deploymentId: deployment.deploymentId, look, mostMs: leftMs }
      await rounds.rest({ ...wish, restLeftMs: this.#restLeftMs() }, ports.signal)
    }
  }

  async #lookOnce(look: number): Promise<WatchEnd | undefined> {
    const { rounds, ports } = this.#rollout
    const beganAtMs = ports.clock.monotonicMs()
    let seen: Observation
    try {
      seen = await lookAtService(this.#rollout, this.#arn)
    } catch (error) {
      return this.#miss(error, beganAtMs)
    }
    rounds.ease(beganAtMs)
    this.#failures = this.#refusals = 0
    const previous = this.#memory?.latest
    this.#memory = remember(this.#memory, seen, this.#rollout.deployment.deploymentId)
    this.#tell(previous, seen)
    this.#recordStage(seen)
    if (this.#tasksAreDue(look, previous, seen)) await this.#readTasks()
    const verdict = judge(this.#rollout.watched, this.#memory)
    if (verdict.kind === 'final') return verdict
    this.#await(verdict)
    return await this.#findHopelessness()
  }

  /** What `wait-until` and `on-pause` say of where the deployment stands; nothing on the way back. */
  async #heedStage(): Promise<EarlyEnd | undefined> {
    const record = this.latest?.record
    if (record === undefined || this.#doomed) return undefined
    if (isReached(this.#rollout.plan.wait.until, record)) return { kind: 'reached' }
    return await heedPauses(this.#rollout, record, this.#heeded)
  }

  #restLeftMs(): number | undefined {
    const { plan, ports } = this.#rollout
    const answered = plan.wait.onPause === 'wait' ? new Set<string>() : this.#heeded
    return this.#memory && restLeftMs(this.#memory, answered, ports.clock.now())
  }

  /** A look that failed. Throttling is not counted: it only slows us down. */
  #miss(error: unknown, beganAtMs: number): WatchEnd | undefined {
    const { ports, rounds } = this.#rollout
    if (!(error instanceof AwsFailure || error instanceof ActionError)) throw error
    ports.signal.throwIfAborted()
    const cause = error instanceof AwsFailure ? explainEcs(error, this.#rollout.place) : error
    ports.report.detail(`a look failed: ${cause.message}`)
    if (error instanceof AwsFailure && error.throttled) {
      rounds.slowDown(beganAtMs)
      return undefined
    }
    this.#failures += 1
    if (isRefusal(error)) this.#refusals += 1
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

  /** For the outputs, on whatever way the run ends. */
  #recordStage({ record }: Observation): void {
    if (record?.lifecycleStage === undefined && this.#memory?.standing === undefined) return
    const [pause] = pausesOf(record)
    this.#rollout.ports.report.record({ stage: record?.lifecycleStage, hookId: pause?.id })
  }

  #tasksAreDue(look: number, previous: Observation | undefined, seen: Observation): boolean {
    const id = this.#rollout.deployment.deploymentId
    const before = previous && deploymentOf(previous.service, id)
    const now = deploymentOf(seen.service, id)
    const failed = (now?.failedTasks ?? 0) - (before?.failedTasks ?? 0)
    if (failed < 0) this.#history = rememberRecovery(this.#history)
    const counted = (seen.record?.breakerFailures ?? 0) > (previous?.record?.breakerFailures ?? 0)
    const fewer = (now?.runningCount ?? 0) < (before?.runningCount ?? 0)
    return failed > 0 || counted || fewer || isTasksLook(id, look)
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
  async #findHopelessness(): Promise<WatchEnd | undefined> {
    const { watched, plan, checks } = this.#rollout
    if (watched.guards.breaker || watched.guards.alarms || this.#doomed) return undefined
    const find = () => findHopelessness(this.#history, plan.wait.maxTaskFailures, checks)
    if (find() !== undefined && checks.balanced) await this.#readTargets()
    const reason = find()
    return reason === undefined ? undefined : { kind: 'hopeless', reason }
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

/** What another look will not change: the credentials are gone, or the permission. */
function isRefusal(error: AwsFailure | ActionError): boolean {
  if (error instanceof AwsFailure) return error.credentialsGone || error.denied
  // Of the credentials, which cannot be had anew. A service that is gone is looked for longer.
  return error.code !== 'rollout-lost' && error.retry === 'never'
}

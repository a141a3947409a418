import type { ActionError } from '../../core/errors/action-error.ts'
import { describeStop } from '../../core/rollout/evidence/describe-task.ts'
import {
  emptyTaskHistory,
  findHopelessness,
  rememberRecovery,
  rememberTargets,
  rememberTasks,
  type TaskHistory,
} from '../../core/rollout/verdict/fail-fast.ts'
import {
  deploymentOf,
  type Observation,
  type ServiceDeploymentBrief,
} from '../../core/rollout/observation/observation.ts'
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
import { MissedLooks } from './missed-looks.ts'
import { DeploymentPin } from './pin-deployment.ts'
import { readTargetHealth } from './read-target-health.ts'
import { askTasksOf, readTasksOf } from './read-tasks.ts'
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

/** Watches one deployment to its end: looks, tells what changed, judges, rests. */
export class RolloutWatch {
  readonly #rollout: Rollout
  readonly #pin: DeploymentPin
  readonly #missed: MissedLooks
  readonly #told = new Set<string>()
  /** Ids of the hooks that were answered, or told of. */
  readonly #heeded = new Set<string>()
  #memory: Memory | undefined
  #history: TaskHistory = emptyTaskHistory
  #awaited: { readonly condition: string; readonly sinceMs: number }
  #doomed = false
  /** Whether the tasks could not be read when they were due, and are at the next look. */
  #tasksOwed = false

  /** @param arn Of the deployment's own record, where it needs no search. */
  constructor(rollout: Rollout, arn?: string) {
    this.#rollout = rollout
    this.#pin = new DeploymentPin(rollout, arn)
    this.#missed = new MissedLooks(rollout)
    const sinceMs = rollout.ports.clock.monotonicMs()
    this.#awaited = { condition: 'a first look succeeds', sinceMs }
  }

  /** What ECS's list says of the deployment, once it does. */
  get brief(): ServiceDeploymentBrief | undefined {
    return this.#pin.brief
  }

  /** The latest good look. */
  get latest(): Observation | undefined {
    return this.#memory?.latest
  }

  /** When ECS created the deployment, as the service told as long as it listed it. */
  get seenCreatedAt(): Date | undefined {
    return this.#memory?.seenCreatedAt
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
      const about = { deploymentId: deployment.deploymentId, look, again: this.#missed.again }
      const wish = { ...about, restLeftMs: this.#restLeftMs(), mostMs: leftMs }
      await rounds.rest(wish, ports.signal)
    }
  }

  async #lookOnce(look: number): Promise<WatchEnd | undefined> {
    const { ports } = this.#rollout
    const beganAtMs = ports.clock.monotonicMs()
    let seen: Observation
    try {
      await this.#pin.seek(look)
      seen = await lookAtService(this.#rollout, this.#pin.arn)
    } catch (error) {
      const cause = this.#missed.count(error, beganAtMs)
      return cause && { kind: 'lost', cause }
    }
    this.#missed.forget(beganAtMs)
    const previous = this.#memory?.latest
    this.#memory = remember(this.#memory, seen, this.#rollout.deployment.deploymentId)
    this.#tell(previous, seen)
    this.#recordStage(seen)
    if (this.#tasksAreDue(look, previous, seen)) await this.#readTasks()
    const verdict = judge(this.#rollout.watched, this.#memory)
    if (verdict.kind === 'final') return this.#isDue(verdict) ? verdict : undefined
    this.#await(verdict)
    const hopeless = await this.#findHopelessness()
    const isLeft = this.#rollout.plan.policies.onFailure === 'leave'
    // Nothing is rolled back without the record.
    return isLeft || !this.#pin.isSought ? hopeless : undefined
  }

  /** A bad end by ECS waits for the record, which tells it better than the service does. */
  #isDue({ outcome }: FinalVerdict): boolean {
    return outcome === 'deployed' || !this.#pin.isSought
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

  #tell(previous: Observation | undefined, seen: Observation): void {
    const { ports, plan, deployment } = this.#rollout
    const { deploymentId } = deployment
    const told = describeProgress(deploymentId, previous, seen, this.#told, this.seenCreatedAt)
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
    return failed > 0 || counted || fewer || this.#tasksOwed || isTasksLook(id, look)
  }

  async #readTasks(): Promise<void> {
    const [stopped, running] = await Promise.all([
      askTasksOf(this.#rollout, 'STOPPED'),
      askTasksOf(this.#rollout, 'RUNNING'),
    ])
    this.#tasksOwed = !this.#tasksOwed && !(stopped.isWhole && running.isWhole)
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

import type { ActionError } from '../../core/errors/action-error.ts'
import type { TaskHistory } from '../../core/rollout/verdict/fail-fast.ts'
import type {
  Observation,
  ServiceDeploymentBrief,
} from '../../core/rollout/observation/observation.ts'
import { pausesOf } from '../../core/rollout/verdict/pause.ts'
import { describeProgress } from '../../core/rollout/evidence/progress.ts'
import { judge } from '../../core/rollout/verdict/verdict.ts'
import { restLeftMs } from '../../core/rollout/pace/rest.ts'
import { isReached } from '../../core/rollout/verdict/wait-until.ts'
import {
  remember,
  type FinalVerdict,
  type GoingOn,
  type Memory,
  type Verdict,
} from '../../core/rollout/verdict/watch.ts'
import { heedPauses, type PauseEnd } from './heed-pauses.ts'
import { lookAtService } from './look-at-service.ts'
import { DeploymentPin } from './pin-deployment.ts'
import { RecordReads } from './read-record.ts'
import { deadlineOf, looksOf, type Rollout } from './rollout.ts'
import type { Looks } from '../looks/looks.ts'
import { TaskWatch } from './watch-tasks.ts'

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

const awaitingRecord: GoingOn = {
  kind: 'going-on',
  condition: 'ECS gives its record of the deployment',
  ...{ doomed: false, reason: undefined },
}

/** Watches one deployment to its end: looks, tells what changed, judges, rests. */
export class RolloutWatch {
  readonly #rollout: Rollout
  readonly #pin: DeploymentPin
  readonly #records: RecordReads
  readonly #tasks: TaskWatch
  readonly #looks: Looks
  readonly #told = new Set<string>()
  /** Ids of the hooks that were answered, or told of. */
  readonly #heeded = new Set<string>()
  #memory: Memory | undefined
  #awaited: { readonly condition: string; readonly sinceMs: number }
  #doomed = false

  /** @param arn Of the deployment's own record, where it needs no search. */
  constructor(rollout: Rollout, arn?: string) {
    this.#rollout = rollout
    this.#pin = new DeploymentPin(rollout, arn)
    this.#records = new RecordReads(rollout)
    this.#tasks = new TaskWatch(rollout)
    this.#looks = looksOf(rollout)
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
    return this.#tasks.history
  }

  /** @throws the signal's reason when it aborts. */
  async run(): Promise<WatchEnd | EarlyEnd> {
    return await this.#watchUntil(deadlineOf(this.#rollout), () => this.#heedStage())
  }

  /** Goes on after a rollback was asked for: from here on ECS alone judges. */
  async followRollback(untilMs: number): Promise<WatchEnd> {
    this.#doomed = true
    return await this.#watchUntil<never>(untilMs, () => Promise.resolve(undefined))
  }

  /** @param heed What may end the wait although ECS has not decided. */
  async #watchUntil<E>(untilMs: number, heed: () => Promise<E | undefined>): Promise<WatchEnd | E> {
    const { ports } = this.#rollout
    for (;;) {
      const end = (await this.#lookOnce(untilMs)) ?? (await heed())
      if (end !== undefined) return end
      const leftMs = untilMs - ports.clock.monotonicMs()
      if (leftMs <= 0) {
        const { condition, sinceMs } = this.#awaited
        return { kind: 'timed-out', condition, forMs: ports.clock.monotonicMs() - sinceMs }
      }
      const [{ again }, restsForMs] = [this.#records, this.#restLeftMs()]
      await this.#looks.rest(leftMs, { again, restLeftMs: restsForMs })
    }
  }

  async #lookOnce(untilMs: number): Promise<WatchEnd | undefined> {
    const taken = await this.#looks.take(async (look) => {
      await this.#pin.seek(look)
      return { look, observation: await this.#see(look) }
    })
    if (taken.kind !== 'seen') return taken.kind === 'lost' ? taken : undefined
    const { look, observation: seen } = taken.seen
    const previous = this.#memory?.latest
    this.#memory = remember(this.#memory, seen, this.#rollout.deployment.deploymentId)
    this.#tell(previous, seen)
    this.#recordStage(seen)
    await this.#tasks.lookOn(look, previous, seen)
    const verdict = this.#judge(this.#memory, untilMs)
    if (verdict.kind === 'final') return this.#isDue(verdict) ? verdict : undefined
    this.#await(verdict)
    const hopeless = this.#doomed ? undefined : await this.#tasks.findHopelessness()
    const isLeft = this.#rollout.plan.policies.onFailure === 'leave'
    // Nothing is rolled back without the record.
    return isLeft || !this.#pin.isSought ? hopeless : undefined
  }

  async #see(look: number): Promise<Observation> {
    const { arn } = this.#pin
    if (arn === undefined) return await lookAtService(this.#rollout)
    return await lookAtService(this.#rollout, (service) => this.#records.read(arn, look, service))
  }

  /**
   * While the record is owed it stands as it was, and ends nothing. Then the service alone tells a
   * success that has waited for it, and at the deadline whatever has become of the deployment.
   */
  #judge(memory: Memory, untilMs: number): Verdict {
    const { watched, ports } = this.#rollout
    if (!this.#records.isOwed) return judge(watched, memory)
    const without = { ...memory, latest: { ...memory.latest, record: undefined } }
    const verdict = judge(watched, without)
    const isLast = ports.clock.monotonicMs() >= untilMs
    const isSuccess = verdict.kind === 'final' && verdict.outcome === 'deployed'
    if (verdict.kind === 'final' && (isLast || (isSuccess && this.#records.isLate))) {
      this.#records.giveUp()
      this.#memory = without
      return verdict
    }
    const stands = judge(watched, memory)
    return stands.kind === 'final' ? awaitingRecord : stands
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
}

import { AwsFailure } from '../../core/errors/aws-failure.ts'
import type { ServiceView } from '../../core/rollout/observation/observation.ts'
import {
  readServiceDeploymentRecord,
  type ServiceDeploymentRecord,
} from '../../core/rollout/observation/service-deployment-record.ts'
import { isTasksLook } from '../../core/rollout/pace/poll-interval.ts'
import { limitOf, withoutPermission, withoutRecord } from './look-at-service.ts'
import type { Rollout } from './rollout.ts'

/** So long a record that does not come is owed, whatever the reason; each read is retried inside. */
const owedForMs = 60_000
/** Reads in a row that fail before a success is told without the record. */
const mostFailuresOfSuccess = 3
const operation = 'DescribeServiceDeployments'

/**
 * The reads of our deployment's own record. One that does not come is owed for a minute, in which it
 * counts as what it was; then the run goes on without it, with one warning, and asks now and then.
 */
export class RecordReads {
  readonly #rollout: Rollout
  #latest: ServiceDeploymentRecord | undefined
  /** Of the reads since the last good one. */
  #missed:
    { readonly sinceMs: number; readonly count: number; readonly why: AwsFailure } | undefined
  #isGivenUp = false

  constructor(rollout: Rollout) {
    this.#rollout = rollout
  }

  /** Whether the latest read failed, and the next may well do better. */
  get isOwed(): boolean {
    return this.#missed !== undefined && !this.#isGivenUp
  }

  /** Whether the latest read was the first to fail, and another soon may do better. */
  get again(): boolean {
    return this.isOwed && this.#missed?.count === 1 && !this.#missed.why.throttled
  }

  /** Whether a success that the service alone tells has waited for the record for long enough. */
  get isLate(): boolean {
    return (this.#missed?.count ?? 0) >= mostFailuresOfSuccess
  }

  /**
   * @param look Of how many looks it is.
   * @param service The look beside it: where ECS does not show the service, either, nothing is said
   * against the record.
   * @returns what it was, where it is owed; undefined where the run goes without it.
   * @throws AwsFailure, ActionError where the credentials are gone, or of the look beside it.
   */
  async read(
    arn: string,
    look: number,
    service: Promise<ServiceView>,
  ): Promise<ServiceDeploymentRecord | undefined> {
    const { clock } = this.#rollout.ports
    if (this.#isGivenUp && !isTasksLook(this.#rollout.deployment.deploymentId, look)) {
      return undefined
    }
    const beganAtMs = clock.monotonicMs()
    try {
      this.#latest = await describeRecord(this.#rollout, arn)
      this.#missed = undefined
      this.#isGivenUp = false
    } catch (error) {
      if (!(error instanceof AwsFailure) || error.credentialsGone) throw error
      await service
      this.#miss(error, beganAtMs)
    }
    return this.#latest
  }

  /** Goes on without the record. */
  giveUp(): void {
    this.#isGivenUp = true
    this.#latest = undefined
    const code = this.#missed?.why.code ?? ''
    this.#rollout.ports.report.warnOnce(
      `ecs:${operation} gives no answer (${code}): ${withoutRecord}`,
    )
  }

  #miss(why: AwsFailure, beganAtMs: number): void {
    const { ports, rounds } = this.#rollout
    const nowMs = ports.clock.monotonicMs()
    ports.report.detail(`${operation}: ${why.code}: ${why.message}`)
    if (why.throttled) rounds.slowDown(beganAtMs)
    const { sinceMs, count } = this.#missed ?? { sinceMs: nowMs, count: 0 }
    this.#missed = { sinceMs, count: count + 1, why }
    if (!this.#isGivenUp && nowMs - sinceMs >= owedForMs) this.giveUp()
  }
}

/**
 * ECS calls a record MISSING when it is older than 90 days (API reference, ServiceDeployment), and
 * perhaps when it is too young: that is believed as late as no answer is.
 * @returns undefined where it may not be read.
 */
async function describeRecord(
  rollout: Rollout,
  arn: string,
): Promise<ServiceDeploymentRecord | undefined> {
  const { session, optional } = rollout
  return await optional.ifAllowed(operation, withoutPermission, async () => {
    const input = { serviceDeploymentArns: [arn] }
    const answer = await session.ecs.describeServiceDeployments(input, limitOf(rollout))
    const record = readServiceDeploymentRecord(answer, arn)
    if (record !== undefined) return record
    const message = `ECS has no record of ${arn}`
    throw new AwsFailure({ service: 'ECS', operation, code: 'MISSING', message, httpStatus: 200 })
  })
}

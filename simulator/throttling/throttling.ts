import type { Clock } from '../clock/clock.ts'
import type { Dispatch, Subject } from '../wire/dispatch.ts'
import { BUCKETS, type Bucket } from './buckets.ts'
import { rateExceeded } from './rate-exceeded.ts'

/** `aws`: the documented token buckets; `off`: every call is served. */
export type ThrottlingMode = 'off' | 'aws'

interface Level {
  tokens: number
  atMs: number
}

/** AWS's limits of calls per account and region. */
export class Throttling {
  mode: ThrottlingMode
  readonly #clock: Clock
  readonly #accountId: string
  /** Account -> how full its buckets are; the simulator is one region. */
  readonly #levels = new Map<string, Map<Bucket, Level>>()

  /** @param accountId Whose registry the simulator's is: its requests name no account. */
  constructor(clock: Clock, accountId: string, mode: ThrottlingMode) {
    this.#clock = clock
    this.#accountId = accountId
    this.mode = mode
  }

  /** The layer of the dispatch that refuses what goes beyond a bucket. */
  readonly layer: Dispatch = async (subject, perform) =>
    this.mode === 'off' || this.#take(subject) ? perform() : rateExceeded(subject)

  /** Takes a token for a call; false when the call's bucket is empty. */
  #take(subject: Subject): boolean {
    const accountId = this.#accountOf(subject)
    const service = subject.service === 'registry' ? 'ecr' : subject.service
    const bucket = BUCKETS[service]?.find(({ operations }) =>
      operations.includes(subject.operation),
    )
    if (bucket === undefined || accountId === undefined) return true
    const level = this.#level(accountId, bucket)
    if (level.tokens < 1) return false
    level.tokens -= 1
    return true
  }

  /** The bucket as it is now: it refills all the time. */
  #level(accountId: string, bucket: Bucket): Level {
    const levels = this.#levels.get(accountId) ?? new Map<Bucket, Level>()
    this.#levels.set(accountId, levels)
    const nowMs = this.#clock.now()
    const level = levels.get(bucket) ?? { tokens: bucket.capacity, atMs: nowMs }
    levels.set(bucket, level)
    const refilled = level.tokens + ((nowMs - level.atMs) * bucket.refillPerSecond) / 1000
    level.tokens = Math.min(bucket.capacity, refilled)
    level.atMs = nowMs
    return level
  }

  #accountOf({ service, caller }: Subject): string | undefined {
    return service === 'registry' ? this.#accountId : caller?.split(':')[4]
  }
}

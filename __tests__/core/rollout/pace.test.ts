import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { BUCKETS } from '../../../simulator/throttling/buckets.ts'
import { callRates, nextTurn } from '../../../src/core/rollout/pace/call-turns.ts'
import { calmIntervalMs, isTasksLook } from '../../../src/core/rollout/pace/poll-interval.ts'
import { atEase, ease, slowDown } from '../../../src/core/rollout/pace/slowness.ts'

describe('the turns of calls', () => {
  it('are of the buckets that AWS documents', () => {
    for (const [call, rate] of Object.entries(callRates)) {
      const operation = call.charAt(0).toUpperCase() + call.slice(1)
      const bucket = BUCKETS['ecs']?.find(({ operations }) => operations.includes(operation))
      expect(rate).toEqual({
        ...{ capacity: bucket?.capacity, refillPerSecond: bucket?.refillPerSecond },
      })
    }
  })

  it('never empty half a bucket, however the calls come', () => {
    const gaps = fc.array(fc.nat({ max: 400 }), { maxLength: 300 })
    fc.assert(
      fc.property(gaps, fc.constantFrom(...Object.values(callRates)), (gapsMs, rate) => {
        let askedMs = 1_000_000
        let emptyUntilMs = 0
        let [tokens, atMs] = [rate.capacity, askedMs]
        for (const gapMs of gapsMs) {
          askedMs += gapMs
          const turn = nextTurn(rate, emptyUntilMs, askedMs)
          emptyUntilMs = turn.emptyUntilMs
          expect(turn.atMs).toBeGreaterThanOrEqual(Math.max(atMs, askedMs))
          const flown = ((turn.atMs - atMs) * rate.refillPerSecond) / 1_000
          tokens = Math.min(rate.capacity, tokens + flown) - 1
          atMs = turn.atMs
          expect(tokens).toBeGreaterThanOrEqual(rate.capacity / 2 - 1e-6)
        }
      }),
    )
  })

  it('make nobody rest who asks seldom', () => {
    let emptyUntilMs = 0
    for (let nowMs = 10_000; nowMs < 200_000; nowMs += 4_000) {
      const turn = nextTurn(callRates.updateService, emptyUntilMs, nowMs)
      expect(turn.atMs).toBe(nowMs)
      emptyUntilMs = turn.emptyUntilMs
    }
  })
})

describe('the slowness that services share', () => {
  it('counts the throttled looks of one round once, whatever else the round brought', () => {
    const looks = fc.array(fc.boolean(), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(fc.nat(5), looks, fc.boolean(), (level, throttled, late) => {
        const before = { ...atEase, level, raisedAtMs: 0, easedAtMs: 0 }
        const answeredMs = late ? 1_080 : 1_000
        const after = throttled.reduce(
          (slowness, bad) => (bad ? slowDown : ease)(slowness, 1_000, answeredMs),
          before,
        )
        expect(after.level).toBe(throttled.includes(true) ? level + 1 : 0)
      }),
    )
  })

  it('grows round by round and ends with the first round that is answered', () => {
    const rounds = [1_000, 9_000, 25_000]
    const slow = rounds.reduce((known, atMs) => slowDown(known, atMs, atMs + 80), atEase)
    expect(slow.level).toBe(3)
    expect(calmIntervalMs(slow.level)).toBe(30_000)
    expect(ease(slow, 55_000, 55_080).level).toBe(0)
  })
})

describe('the rest after a look that failed', () => {
  it('is a second, while the deployment rests, too', () => {
    expect(calmIntervalMs(0, undefined, true)).toBe(1_000)
    expect(calmIntervalMs(0, 600_000, true)).toBe(1_000)
  })

  it('is as long as ever where ECS throttles', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(900_000), (throttled, leftMs) => {
        expect(calmIntervalMs(throttled, leftMs, true)).toBe(calmIntervalMs(throttled, leftMs))
      }),
    )
  })
})

describe('the looks at which tasks are read although nothing fails', () => {
  it('are one in eight, not the first, and not the same for all deployments', () => {
    const looksOf = (id: string) => Array.from({ length: 80 }, (_, look) => isTasksLook(id, look))
    const ids = Array.from({ length: 100 }, (_, n) => `ecs-svc/${n * 7_919}`)
    for (const id of ids) {
      expect(isTasksLook(id, 0)).toBe(false)
      expect(looksOf(id).filter(Boolean).length).toBeGreaterThanOrEqual(9)
      expect(looksOf(id).lastIndexOf(true)).toBeGreaterThan(71)
    }
    const atOnce = Array.from({ length: 8 }, (_, n) => ids.filter((id) => isTasksLook(id, 8 + n)))
    for (const some of atOnce) expect(some.length).toBeLessThan(30)
  })
})

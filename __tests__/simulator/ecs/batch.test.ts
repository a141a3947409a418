import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { nextBatch, type Standing } from '../../../simulator/ecs/engine/batch.ts'
import { failureThreshold, restartDelayMs } from '../../../simulator/ecs/engine/circuit-breaker.ts'
import { maximumRunning, minimumHealthy } from '../../../simulator/ecs/engine/percentages.ts'

const standings = fc
  .record({
    desiredCount: fc.nat(40),
    minimumHealthyPercent: fc.nat(100),
    maximumPercent: fc.integer({ min: 100, max: 300 }),
    fresh: fc.nat(40),
    freshHealthyShare: fc.double({ min: 0, max: 1, noNaN: true }),
    staleHealthy: fc.nat(40),
    staleUnhealthy: fc.nat(5),
    mayStart: fc.boolean(),
  })
  .map(({ freshHealthyShare, ...standing }): Standing => ({
    ...standing,
    freshHealthy: Math.floor(standing.fresh * freshHealthyShare),
  }))

describe('ECS-9 the batches of a rolling update', () => {
  it('ECS-9 rounds the minimum up and the maximum down', () => {
    expect([minimumHealthy(3, 50), maximumRunning(3, 150), maximumRunning(1, 150)]).toEqual([
      2, 4, 1,
    ])
  })

  it('ECS-9 never starts a task above the maximum', () => {
    fc.assert(
      fc.property(standings, (standing) => {
        const { start } = nextBatch(standing)
        const maximum = maximumRunning(standing.desiredCount, standing.maximumPercent)
        const after = standing.fresh + standing.staleHealthy + start
        expect(start === 0 || after <= maximum).toBe(true)
      }),
    )
  })

  it('ECS-9 never stops an old healthy task when fewer than the minimum would stay', () => {
    fc.assert(
      fc.property(standings, (standing) => {
        const { stopStaleHealthy } = nextBatch(standing)
        const minimum = minimumHealthy(standing.desiredCount, standing.minimumHealthyPercent)
        const after = standing.freshHealthy + standing.staleHealthy - stopStaleHealthy
        expect(stopStaleHealthy === 0 || after >= minimum).toBe(true)
      }),
    )
  })

  it.each([
    // desired, min, max, fresh, freshHealthy, staleHealthy -> start, stop
    [4, 100, 200, 0, 0, 4, 4, 0],
    [4, 100, 150, 0, 0, 4, 2, 0],
    [4, 50, 100, 0, 0, 4, 0, 2],
    [4, 50, 100, 0, 0, 2, 2, 0],
    [4, 0, 100, 0, 0, 4, 0, 4],
    [4, 100, 200, 4, 1, 4, 0, 1],
    [4, 100, 200, 4, 4, 4, 0, 4],
    [0, 100, 200, 0, 0, 3, 0, 3],
  ])(
    'ECS-9 desired %i, %i-%i %%, %i new (%i healthy), %i old: starts %i, stops %i',
    (desiredCount, minimum, maximum, fresh, freshHealthy, staleHealthy, start, stop) => {
      const batch = nextBatch({
        desiredCount,
        minimumHealthyPercent: minimum,
        maximumPercent: maximum,
        fresh,
        freshHealthy,
        staleHealthy,
        staleUnhealthy: 0,
        mayStart: true,
      })
      expect([batch.start, batch.stopStaleHealthy]).toEqual([start, stop])
    },
  )
})

describe('ECS-14 the threshold of the circuit breaker', () => {
  it.each([
    ['BOUNDED_PERCENT', 50, 1, 3],
    ['BOUNDED_PERCENT', 50, 25, 13],
    ['BOUNDED_PERCENT', 50, 1000, 200],
    ['UNBOUNDED_PERCENT', 50, 1, 1],
    ['UNBOUNDED_PERCENT', 50, 1000, 500],
    ['COUNT', 2, 1000, 2],
  ])('ECS-14 %s %i of %i tasks is %i failures', (type, value, desiredCount, failures) => {
    expect(failureThreshold({ type, value }, desiredCount)).toBe(failures)
  })

  it('ECS-19 the scheduler waits longer and longer, up to 27 minutes', () => {
    const delays = [1, 3, 4, 5, 6, 20].map((failures) => restartDelayMs(failures, 1))
    expect(delays).toEqual([0, 0, 60_000, 120_000, 240_000, 1_620_000])
  })
})

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { VirtualClock } from '../../../simulator/clock/virtual-clock.ts'

describe('the virtual clock', () => {
  it('stands still until it is told to go on', () => {
    const clock = new VirtualClock(1_000)
    let ran = false
    clock.schedule(0, () => (ran = true))
    expect([clock.now(), ran]).toEqual([1_000, false])
    clock.advance(0)
    expect([clock.now(), ran]).toEqual([1_000, true])
  })

  it('runs what falls due in order of time and then of scheduling', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { maxLength: 40 }), (delays) => {
        const clock = new VirtualClock(0)
        const ran: [number, number][] = []
        delays.forEach((delay, index) =>
          clock.schedule(delay, () => ran.push([clock.now(), index])),
        )
        clock.advance(50)
        const wanted = delays
          .map((delay, index): [number, number] => [delay, index])
          .sort(([a, i], [b, j]) => a - b || i - j)
        expect(ran).toEqual(wanted)
      }),
    )
  })

  it('runs what an action schedules when that falls due within the same advance', () => {
    const clock = new VirtualClock(0)
    const times: number[] = []
    const again = (): void => {
      times.push(clock.now())
      clock.schedule(10, again)
    }
    clock.schedule(10, again)
    clock.advance(35)
    expect(times).toEqual([10, 20, 30])
    expect(clock.now()).toBe(35)
  })

  it('does not run what was cancelled', () => {
    const clock = new VirtualClock(0)
    let ran = false
    const cancel = clock.schedule(5, () => (ran = true))
    cancel()
    clock.advance(10)
    expect(ran).toBe(false)
  })
})

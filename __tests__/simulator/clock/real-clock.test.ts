import { describe, expect, it } from '@jest/globals'

import { RealClock } from '../../../simulator/clock/real-clock.ts'

describe('the real clock', () => {
  it("tells the machine's time and runs an action after, never during, the call", async () => {
    const clock = new RealClock()
    const before = Date.now()
    let duringCall = true
    const ranDuringCall = await new Promise<boolean>((resolve) => {
      clock.schedule(0, () => resolve(duringCall))
      duringCall = false
    })
    expect(ranDuringCall).toBe(false)
    expect(clock.now()).toBeGreaterThanOrEqual(before)
  })

  it('does not run what was cancelled', async () => {
    const clock = new RealClock()
    const ran: string[] = []
    clock.schedule(0, () => ran.push('cancelled'))()
    await new Promise<void>((resolve) => {
      clock.schedule(1, () => resolve())
    })
    expect(ran).toEqual([])
  })
})

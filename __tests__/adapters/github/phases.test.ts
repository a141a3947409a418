import { expect, it } from '@jest/globals'

import { VirtualClock } from '../../../simulator/clock/virtual-clock.ts'
import { GitHubReport } from '../../../src/adapters/github/report.ts'
import { SimulatedClock } from '../../support/simulated-clock.ts'

it('tells of services side by side how long their rollouts took together, not their sum', async () => {
  const clock = new SimulatedClock(new VirtualClock())
  const report = new GitHubReport(clock)
  let end = (): void => undefined
  const over = new Promise<void>((resolve) => {
    end = resolve
  })
  const rollouts = ['a', 'b', 'c'].map((name) =>
    report.phase('rollout', `Following ${name}`, () =>
      name === 'a' ? report.phase('diagnose', 'Looking', () => over) : over,
    ),
  )
  await clock.sleep(300_000)
  end()
  await Promise.all(rollouts)
  await clock.sleep(5_000)
  await report.phase('rollout', 'Following d', () => clock.sleep(60_000))
  expect(report.timings).toEqual({ diagnose: 300, rollout: 360 })
})

it('counts a phase that fails, and only the phases that were entered', async () => {
  const clock = new SimulatedClock(new VirtualClock())
  const report = new GitHubReport(clock)
  const broken = new Error('no')
  const update = report.phase('update', 'Updating web', async () => {
    await clock.sleep(1_500)
    throw broken
  })
  await expect(update).rejects.toBe(broken)
  expect(report.timings).toEqual({ update: 1.5 })
})

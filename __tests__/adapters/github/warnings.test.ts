import { afterEach, beforeEach, expect, it } from '@jest/globals'

import { VirtualClock } from '../../../simulator/clock/virtual-clock.ts'
import { GitHubReport } from '../../../src/adapters/github/report.ts'
import { SimulatedClock } from '../../support/simulated-clock.ts'

const { stdout } = process
const written: string[] = []
const write = stdout.write.bind(stdout)
beforeEach(() => {
  written.length = 0
  stdout.write = (chunk: unknown) => {
    written.push(String(chunk))
    return true
  }
})
afterEach(() => {
  stdout.write = write
})

const annotation = (text: string) => `::warning title=Steadyship::${text}`

it('annotates once what is told once, and every time what is not', () => {
  const report = new GitHubReport(new SimulatedClock(new VirtualClock()))
  report.warnOnce('no ecs:ListTasks')
  report.warnOnce('no ecs:ListTasks')
  report.warnOnce('no ecs:DescribeTasks')
  report.warning('a task stopped')
  report.warning('a task stopped')
  const lines = written.map((text) => text.trim()).filter((text) => text !== '')
  expect(lines).toEqual(
    [...['no ecs:ListTasks', 'no ecs:DescribeTasks'], ...['a task stopped', 'a task stopped']].map(
      annotation,
    ),
  )
})

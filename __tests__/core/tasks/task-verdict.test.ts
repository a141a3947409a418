import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import type { JsonObject } from '../../../src/core/json.ts'
import { readObservedTask, type ObservedTask } from '../../../src/core/tasks/observed-task.ts'
import { judgeTask } from '../../../src/core/tasks/task-verdict.ts'

const definition = {
  containerDefinitions: [
    { name: 'app' },
    { name: 'proxy', essential: true },
    { name: 'seed', essential: false },
  ],
}

function observe(task: JsonObject, exits: Readonly<Record<string, number | undefined>>) {
  const containers = Object.entries(exits).map(([name, exitCode]) => ({
    name,
    ...(exitCode === undefined ? { lastStatus: 'RUNNING' } : { lastStatus: 'STOPPED', exitCode }),
  }))
  const observed = readObservedTask({
    tasks: [{ lastStatus: 'STOPPED', desiredStatus: 'STOPPED', containers, ...task }],
  })
  if (observed === undefined) throw new TypeError('no task')
  return observed
}

const judge = (task: ObservedTask, chosen?: string) => judgeTask(task, definition, chosen)
const exited = { stopCode: 'EssentialContainerExited' }

describe('the verdict about a task', () => {
  it.each([
    ['all essential containers with 0', { app: 0, proxy: 0, seed: 4 }, undefined, 'succeeded'],
    ['an essential one with another code', { app: 0, proxy: 2, seed: 0 }, undefined, 'failed'],
    ['an essential one without a code', { app: 0, seed: 0 }, undefined, 'failed'],
    ['the chosen one with 0, whatever others say', { app: 0, proxy: 137 }, 'app', 'succeeded'],
    ['the chosen one with another code', { app: 3, proxy: 0 }, 'app', 'failed'],
    ['a chosen one that is not essential', { app: 0, proxy: 0, seed: 1 }, 'seed', 'failed'],
    [
      'containers that the definition does not know',
      { app: 0, proxy: 0, guard: 9 },
      undefined,
      'succeeded',
    ],
  ])('%s', (_name, exits, chosen, kind) => {
    expect(judge(observe(exited, exits), chosen).kind).toBe(kind)
  })

  it('is never a success where the definition names no container that decides', () => {
    const task = observe(exited, { app: 0 })
    for (const nothing of [{}, { containerDefinitions: [{ name: 'seed', essential: false }] }]) {
      expect(judgeTask(task, nothing, undefined)).toEqual({ kind: 'undecided' })
    }
  })

  it('names the container that failed by itself before one that was killed along', () => {
    const verdict = judge(observe(exited, { app: 137, proxy: 3 }))
    expect(verdict).toEqual({ kind: 'failed', container: 'proxy', exitCode: 3 })
  })

  it('is a failed start whatever the exit codes say', () => {
    const task = observe({ stopCode: 'TaskFailedToStart' }, { app: 0, proxy: 0 })
    expect([judge(task).kind, judge(task, 'app').kind]).toEqual(['not-started', 'not-started'])
  })

  it.each([
    ...['SpotInterruption', 'TerminationNotice', 'InfrastructureHealth', 'UserInitiated'],
    ...['ServiceSchedulerInitiated', 'SomethingNew'],
  ])('is red for %s even if the containers said 0 when they were told to stop', (stopCode) => {
    const task = observe({ stopCode }, { app: 0, proxy: 0 })
    expect([judge(task).kind, judge(task, 'app').kind]).toEqual(['interrupted', 'interrupted'])
  })

  it('comes early for a chosen container that ended by itself while others go on', () => {
    const task = observe({ lastStatus: 'RUNNING', desiredStatus: 'RUNNING' }, { seed: 0 })
    expect(judge(task, 'seed')).toEqual({ kind: 'succeeded', exitCode: 0 })
    expect(judge(task).kind).toBe('going-on')
  })

  it('does not come early once the task is told to stop: the code may be that of a SIGTERM', () => {
    const task = observe({ lastStatus: 'STOPPING' }, { seed: 0 })
    expect(judge(task, 'seed').kind).toBe('going-on')
  })

  it('is never green with a code of a deciding container that is not 0', () => {
    const codes = fc.record({
      app: fc.integer({ min: 0, max: 255 }),
      proxy: fc.integer({ min: 0, max: 255 }),
    })
    const names = fc.constantFrom(undefined, 'app', 'proxy')
    fc.assert(
      fc.property(codes, names, (exits, chosen) => {
        const deciding = Object.entries(exits).filter(([name]) => (chosen ?? name) === name)
        const well = deciding.every(([, code]) => code === 0)
        expect(judge(observe(exited, exits), chosen).kind).toBe(well ? 'succeeded' : 'failed')
      }),
    )
  })
})

import { expect, it } from '@jest/globals'

import {
  emptyTaskHistory,
  findHopelessness,
  rememberTargets,
  rememberTasks,
} from '../../../src/core/rollout/verdict/fail-fast.ts'
import type { Task } from '../../../src/core/rollout/observation/stopped-tasks.ts'

const at = (seconds: number) => new Date(seconds * 1_000)

const running: Task = {
  ...{ arn: 'task/0', startedBy: 'ecs-svc/2', taskDefinitionArn: 'td/web:2' },
  ...{ lastStatus: 'RUNNING', healthStatus: 'UNKNOWN', containers: [] },
  ...{ stopCode: '', stoppedReason: '', startedAt: at(0), stoppedAt: undefined },
}
const crashes = [20, 45, 70, 95].map((seconds, index): Task => ({
  ...running,
  ...{ arn: `task/${index + 1}`, lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited' },
  ...{ startedAt: at(seconds - 19), stoppedAt: at(seconds) },
}))

/** What is thought once all four have crashed, one look after each. */
function afterAll(companion: Task, differing = {}): string | undefined {
  const checks = { balanced: false, checked: false, ...differing }
  const history = crashes.reduce(
    (known, crash) => rememberTasks(known, [crash, companion], checks),
    emptyTaskHistory,
  )
  return findHopelessness(history, 3, checks)
}

it('does not give up while an unchecked task of ours that ran 30 s goes on running', () => {
  expect(afterAll(running)).toBeUndefined()
})

it('gives up when the other one is unhealthy, young, or judged by a load balancer', () => {
  expect(afterAll({ ...running, healthStatus: 'UNHEALTHY' })).toContain('4 tasks failed')
  expect(afterAll({ ...running, startedAt: at(70) })).toContain('4 tasks failed')
  expect(afterAll(running, { balanced: true })).toContain('4 tasks failed')
})

it('takes RUNNING for no health where an essential container has a health check', () => {
  expect(afterAll(running, { checked: true })).toContain('4 tasks failed')
  expect(afterAll({ ...running, healthStatus: 'HEALTHY' }, { checked: true })).toBeUndefined()
})

it('gives up on tasks that crash late and were never HEALTHY', () => {
  const late = [33, 67, 101].map((seconds, index): Task => ({
    ...running,
    ...{ arn: `task/${index}`, lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited' },
    ...{ startedAt: at(seconds - 33), stoppedAt: at(seconds) },
  }))
  const thought = (checked: boolean) => {
    const checks = { balanced: false, checked }
    return findHopelessness(rememberTasks(emptyTaskHistory, late, checks), 3, checks)
  }
  expect(thought(true)).toBe('3 tasks failed, and none was healthy in between')
  expect(thought(false)).toBeUndefined()
})

it('believes load balancers that call a running task healthy, and its own check beside them', () => {
  const target = (id: string, state: string, targetGroupArn = 'group/1') => ({
    ...{ targetGroupArn, id, port: 80, state, reason: undefined, description: undefined },
  })
  const addressed: Task = { ...running, address: '10.0.0.1' }
  const thought = (
    tasks: readonly Task[],
    targets: ReturnType<typeof target>[],
    checked = false,
  ) => {
    const checks = { balanced: true, checked }
    const known = rememberTasks(emptyTaskHistory, [...crashes, ...tasks], checks)
    return findHopelessness(rememberTargets(known, tasks, targets, checks), 3, checks)
  }
  expect(thought([addressed], [target('10.0.0.1', 'healthy')])).toBeUndefined()
  const gaveUp = '4 tasks failed, and none was healthy in between'
  // The old tasks' targets are healthy as well.
  expect(thought([addressed], [target('10.0.0.2', 'healthy')])).toBe(gaveUp)
  expect(thought([addressed], [target('10.0.0.1', 'initial')])).toBe(gaveUp)
  expect(thought([addressed], [])).toBe(gaveUp)
  const both = [target('10.0.0.1', 'healthy'), target('10.0.0.1', 'unhealthy', 'group/2')]
  expect(thought([addressed], both)).toBe(gaveUp)
  const healthy = [target('10.0.0.1', 'healthy')]
  expect(thought([{ ...addressed, lastStatus: 'DEACTIVATING' }], healthy)).toBe(gaveUp)
  expect(thought([addressed], healthy, true)).toBe(gaveUp)
  expect(thought([{ ...addressed, healthStatus: 'HEALTHY' }], healthy, true)).toBeUndefined()
  // Of an instance nobody knows whose target it is.
  expect(thought([running], [target('i-0123456789abcdef0', 'healthy')])).toBe(gaveUp)
})

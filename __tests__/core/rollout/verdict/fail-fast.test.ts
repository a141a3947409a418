import { describe, expect, it } from '@jest/globals'

import {
  emptyTaskHistory,
  findHopelessness,
  rememberRecovery,
  rememberTasks,
} from '../../../../src/core/rollout/verdict/fail-fast.ts'
import type { Task } from '../../../../src/core/rollout/observation/stopped-tasks.ts'

let count = 0
const at = (seconds: number) => new Date(seconds * 1_000)

function task(members: Partial<Task>): Task {
  count += 1
  return {
    ...{ arn: `task/${count}`, startedBy: 'ecs-svc/2', taskDefinitionArn: 'td/web:2' },
    ...{ lastStatus: 'STOPPED', healthStatus: 'UNKNOWN', containers: [] },
    ...{
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
    },
    ...{ startedAt: at(0), stoppedAt: at(1) },
    ...members,
  }
}
const crash = (startedAt: number, stoppedAt: number) =>
  task({ startedAt: at(startedAt), stoppedAt: at(stoppedAt) })
const start = (stoppedReason: string) =>
  task({ stopCode: 'TaskFailedToStart', stoppedReason, startedAt: undefined })
const running = (healthStatus: string) =>
  task({ lastStatus: 'RUNNING', stopCode: '', stoppedAt: undefined, healthStatus })

const unchecked = { balanced: false, checked: false }
const balanced = { balanced: true, checked: false }

function hopeless(tasks: readonly Task[], most = 3, checks = unchecked): string | undefined {
  return findHopelessness(rememberTasks(emptyTaskHistory, tasks, checks), most, checks)
}

describe('giving up early', () => {
  it('takes max-task-failures crashes in a row', () => {
    expect(hopeless([crash(0, 5), crash(6, 9)])).toBeUndefined()
    expect(hopeless([crash(0, 5), crash(6, 9), crash(10, 12)])).toBe(
      '3 tasks failed, and none was healthy in between',
    )
  })

  it('counts kills for bad health as crashes', () => {
    const kill = (stoppedReason: string) =>
      task({ stopCode: 'ServiceSchedulerInitiated', stoppedReason })
    const kills = [
      kill('Task failed ELB health checks in (target-group arn:aws:x)'),
      kill('Task failed container health checks'),
    ]
    expect(hopeless([...kills, crash(0, 5)])).toBeDefined()
  })

  it.each([
    [
      'scaling',
      'ServiceSchedulerInitiated',
      'Scaling activity initiated by (deployment ecs-svc/3)',
    ],
    ['rebalancing', 'ServiceSchedulerInitiated', 'Task stopped for availability zone rebalancing'],
    ['people', 'UserInitiated', 'Task stopped by user'],
    ['Spot', 'SpotInterruption', 'Your Spot Task was interrupted.'],
    ['hosts', 'TerminationNotice', 'Host EC2 (instance i-1) terminated.'],
  ])('never counts %s', (_what, stopCode, stoppedReason) => {
    const stops = Array.from({ length: 9 }, () => task({ stopCode, stoppedReason }))
    expect(hopeless(stops)).toBeUndefined()
  })

  it('starts again after a task that ran for half a minute', () => {
    expect(hopeless([crash(0, 5), crash(6, 9), crash(10, 40), crash(41, 43)])).toBeUndefined()
    expect(
      hopeless([crash(0, 5), crash(10, 41), crash(42, 43), crash(44, 45), crash(46, 47)]),
    ).toBeDefined()
  })

  it('does not take running for health behind a load balancer', () => {
    const crashes = [crash(0, 5), crash(6, 9), crash(10, 90)]
    expect(hopeless(crashes)).toBeUndefined()
    expect(hopeless(crashes, 3, balanced)).toBeDefined()
  })

  it('starts again after a task with good health, and after ECS set its count back', () => {
    const crashes = [crash(0, 5), crash(6, 9), crash(10, 12)]
    expect(hopeless([...crashes, running('HEALTHY')])).toBeUndefined()
    expect(hopeless([...crashes, running('UNKNOWN')])).toBeDefined()
    const recovered = rememberRecovery(rememberTasks(emptyTaskHistory, crashes, balanced))
    expect(findHopelessness(recovered, 3, balanced)).toBeUndefined()
    const later = rememberTasks(recovered, [crash(20, 21), crash(22, 23)], balanced)
    expect(findHopelessness(later, 3, balanced)).toBeUndefined()
    const more = rememberTasks(later, [crash(24, 25)], balanced)
    expect(findHopelessness(more, 3, balanced)).toBeDefined()
  })

  it('takes the same start error twice, if no retry heals it', () => {
    const missing =
      'CannotPullContainerError: pull image manifest has been retried 1 time(s): not found'
    const secret =
      'ResourceInitializationError: unable to pull secrets or registry auth: AccessDeniedException'
    expect(hopeless([start(missing)])).toBeUndefined()
    expect(hopeless([start(missing), start(secret)])).toBeUndefined()
    expect(hopeless([start(missing), start(secret), start(missing)])).toContain(
      '2 tasks could not start: the image that the task definition names is not in the registry',
    )
  })

  it('waits on after start errors that pass, or that it does not know', () => {
    const timeout =
      'CannotPullContainerError: ref pull has been retried 1 time(s): dial tcp: i/o timeout'
    expect(hopeless(Array.from({ length: 9 }, () => start(timeout)))).toBeUndefined()
    expect(hopeless(Array.from({ length: 9 }, () => start('Something new')))).toBeUndefined()
  })

  it('sees a task once, however often it is read', () => {
    const one = crash(0, 5)
    let history = emptyTaskHistory
    for (let look = 0; look < 9; look += 1) history = rememberTasks(history, [one], unchecked)
    expect(findHopelessness(history, 3, unchecked)).toBeUndefined()
  })

  it('never gives up with 0', () => {
    expect(hopeless([crash(0, 1), crash(2, 3), crash(4, 5), crash(6, 7)], 0)).toBeUndefined()
  })
})

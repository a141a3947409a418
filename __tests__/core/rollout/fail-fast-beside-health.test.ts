import { expect, it } from '@jest/globals'

import {
  emptyTaskHistory,
  findHopelessness,
  rememberTasks,
} from '../../../src/core/rollout/fail-fast.ts'
import type { Task } from '../../../src/core/rollout/stopped-tasks.ts'

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
function afterAll(companion: Task, balanced = false): string | undefined {
  const history = crashes.reduce(
    (known, crash) => rememberTasks(known, [crash, companion], balanced),
    emptyTaskHistory,
  )
  return findHopelessness(history, 3, balanced)
}

it('does not give up while an unchecked task of ours that ran 30 s goes on running', () => {
  expect(afterAll(running)).toBeUndefined()
})

it('gives up when the other one is unhealthy, young, or judged by a load balancer', () => {
  expect(afterAll({ ...running, healthStatus: 'UNHEALTHY' })).toContain('4 tasks failed')
  expect(afterAll({ ...running, startedAt: at(70) })).toContain('4 tasks failed')
  expect(afterAll(running, true)).toContain('4 tasks failed')
})

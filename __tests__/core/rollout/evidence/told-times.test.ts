import { describe, expect, it } from '@jest/globals'

import {
  completionTold,
  rollbackTold,
  stopsTold,
  tasksTold,
} from '../../../../src/core/rollout/evidence/told-times.ts'
import { at } from '../../../support/rollout-time.ts'

describe('service events as a clock', () => {
  const event = (seconds: number, message: string) => ({ id: message, at: at(seconds), message })

  it('tell when tasks were first told to stop', () => {
    const told = stopsTold([
      event(9, '(service web) has stopped 1 running tasks: (task 0a1b).'),
      event(5, '(service web) has stopped 2 running tasks: (task 0a1b) (task 2c3d).'),
      event(3, '(service web) has started 2 tasks: (task ffff) (task eeee).'),
    ])
    expect([...told]).toEqual([
      ['0a1b', at(5)],
      ['2c3d', at(5)],
    ])
  })

  it('tell when the deployment was complete, and no other', () => {
    const events = [
      event(9, '(service web) (deployment ecs-svc/2) deployment completed.'),
      event(5, '(service web) (deployment ecs-svc/1) deployment completed.'),
    ]
    expect(completionTold(events, 'ecs-svc/1')).toEqual(at(5))
    expect(completionTold(events, 'ecs-svc/3')).toBeUndefined()
  })

  it('name the tasks that were started and stopped, each once', () => {
    const told = tasksTold([
      event(9, '(service web) has stopped 1 running tasks: (task 2c3d).'),
      event(7, '(service web) (task 9e9e) failed container health checks.'),
      event(5, '(service web) has started 2 tasks: (task 0a1b) (task 2c3d).'),
    ])
    expect(told).toEqual(['2c3d', '0a1b'])
  })

  it('tell when the rollback began', () => {
    const events = [
      event(9, '(service web) rolling back to deployment ecs-svc/1.'),
      event(5, '(service web) rolling back to deployment ecs-svc/1.'),
      event(3, '(service web) (deployment ecs-svc/2) deployment failed: tasks failed to start.'),
    ]
    expect(rollbackTold(events)).toEqual(at(5))
    expect(rollbackTold(events.slice(2))).toBeUndefined()
  })
})

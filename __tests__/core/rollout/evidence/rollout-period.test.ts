import { describe, expect, it } from '@jest/globals'

import { lastTold, periodOf } from '../../../../src/core/rollout/evidence/rollout-period.ts'
import type { Observation } from '../../../../src/core/rollout/observation/observation.ts'
import { deploymentRecord } from '../../../support/deployment-record.ts'
import { at, timedTask } from '../../../support/rollout-time.ts'

const event = (seconds: number, message: string) => ({
  ...{ id: `${String(seconds)} ${message}`, at: at(seconds) },
  message: `(service web) ${message}`,
})
const completed = (seconds: number, id: string) =>
  event(seconds, `(deployment ${id}) deployment completed.`)
const watched = {
  ...{ deploymentId: 'ecs-svc/2', previousDeploymentId: 'ecs-svc/1' },
  previousTaskDefinitionArn: 'web:1',
  guards: { breaker: true, alarms: false, rollback: true },
  staged: false,
}
const brief = { arn: 'sd/2', targetServiceRevisionArn: '', status: '', createdAt: at(1) }

function look(
  record: Observation['record'],
  events: Observation['service']['events'] = [],
): Observation {
  const service = { status: 'ACTIVE', desiredCount: 2, runningCount: 2, revisions: [] }
  return { atMs: 0, service: { ...service, deployments: [], events }, record, newer: undefined }
}

const finished = { createdAt: at(0), finishedAt: at(90) }

describe('the period of a rollout', () => {
  it.each<[string, Observation, object]>([
    [
      'the record of one that ECS completed',
      look(deploymentRecord({ ...finished, status: 'SUCCESSFUL' })),
      { beganAt: at(0), endedAt: at(90), end: 'complete' },
    ],
    [
      'the record of one that was rolled back',
      look(
        deploymentRecord({
          ...{ ...finished, status: 'ROLLBACK_SUCCESSFUL', rollingBack: true },
          rollbackStartedAt: at(60),
        }),
      ),
      { endedAt: at(90), end: 'cut-short', rollbackBeganAt: at(60) },
    ],
    [
      'the record of one that goes on, although green is called complete',
      look(deploymentRecord({ createdAt: at(0) }), [completed(50, 'ecs-svc/2')]),
      { endedAt: undefined, end: 'under-way' },
    ],
    [
      'events where there is no record',
      look(undefined, [completed(50, 'ecs-svc/2')]),
      { beganAt: at(1), endedAt: at(50), end: 'complete' },
    ],
    [
      'events of a rollback',
      look(undefined, [
        completed(80, 'ecs-svc/1'),
        event(40, 'rolling back to deployment ecs-svc/1.'),
      ]),
      { endedAt: at(80), end: 'cut-short', rollbackBeganAt: at(40) },
    ],
    [
      'no end that is not told',
      look(undefined, [event(40, 'rolling back to deployment ecs-svc/1.')]),
      { endedAt: undefined, end: 'under-way', rollbackBeganAt: at(40) },
    ],
  ])('is told by %s', (_what, seen, period) => {
    expect(periodOf(seen, watched, brief)).toMatchObject(period)
  })

  it('holds the events from its beginning to its end', () => {
    const events = [event(91, 'later'), event(90, 'at the end'), event(-1, 'before')]
    const seen = look(deploymentRecord({ ...finished, status: 'STOPPED' }), events)
    expect(periodOf(seen, watched, brief)?.events).toEqual([events[1]])
  })

  it('is not known without a beginning, nor where ECS has forgotten events since then', () => {
    expect(periodOf(look(undefined), watched, undefined)).toBeUndefined()
    const events = Array.from({ length: 100 }, (_, index) => event(200 - index, 'something'))
    expect(periodOf(look(undefined, events), watched, brief)).toBeUndefined()
    expect(periodOf(look(undefined, events.slice(1)), watched, brief)).toBeDefined()
  })
})

describe('the last time that AWS told', () => {
  const record = deploymentRecord({ createdAt: at(0), updatedAt: at(20) })
  const told = (seen: Observation, ...tasks: Parameters<typeof lastTold>[3]) => {
    const period = periodOf(seen, watched, undefined)
    return period && lastTold(period, seen, watched.deploymentId, tasks)
  }

  it('is the latest of the record, of events and of the steps of tasks', () => {
    expect(told(look(record))).toEqual(at(20))
    expect(told(look(record, [event(30, 'something')]))).toEqual(at(30))
    const task = timedTask('new', { created: 5, started: 40 })
    expect(told(look(record, [event(30, 'something')]), task)).toEqual(at(40))
  })

  it('is that of the deployment where there is no record', () => {
    const ours = { createdAt: at(1), updatedAt: at(25), id: 'ecs-svc/2', status: 'PRIMARY' }
    const counts = { desiredCount: 2, runningCount: 0, pendingCount: 2, failedTasks: 0 }
    const words = { taskDefinitionArn: '', rolloutState: undefined, rolloutStateReason: undefined }
    const seen = look(undefined)
    const service = { ...seen.service, deployments: [{ ...ours, ...counts, ...words }] }
    expect(told({ ...seen, service })).toEqual(at(25))
  })
})

import { expect } from '@jest/globals'

import type { ServiceOutcome } from '../../src/core/rollout/evidence/service-outcome.ts'
import type { TimeSpent } from '../../src/core/rollout/evidence/time-spent.ts'
import type { Task } from '../../src/core/rollout/observation/stopped-tasks.ts'
import type { RolloutRecord } from '../../src/core/rollout/evidence/time-spans.ts'

/** Seconds after some beginning, by AWS's clock. */
export const at = (seconds: number): Date => new Date(1_767_225_600_000 + seconds * 1000)

/** The steps of a task's life: `created`, `pulling`, `pulled`, `started`, `stopping`, `ended`. */
export type Steps = Readonly<Partial<Record<string, number>>>

/** A task that took these steps, at seconds after the beginning. */
export function timedTask(id: string, steps: Steps, members: Partial<Task> = {}): Task {
  const when = (name: string): Date | undefined => {
    const seconds = steps[name]
    return seconds === undefined ? undefined : at(seconds)
  }
  return {
    ...{ arn: `arn:aws:ecs:us-east-1:123456789012:task/prod/${id}`, startedBy: 'ecs-svc/1' },
    ...{ taskDefinitionArn: '', lastStatus: 'RUNNING', healthStatus: undefined },
    ...{ stopCode: '', stoppedReason: '', containers: [] },
    startedAt: when('started'),
    stoppedAt: when('stopping') ?? when('ended'),
    times: {
      createdAt: when('created'),
      pullStartedAt: when('pulling'),
      pullStoppedAt: when('pulled'),
      stoppingAt: when('stopping'),
      endedAt: when('ended'),
    },
    ...members,
  }
}

export const exited = { stopCode: 'EssentialContainerExited' }
export const unstarted = { stopCode: 'TaskFailedToStart' }

/** A complete rollout of 400 s that replaced one task, and whatever a test says is different. */
export function rolloutRecord(members: Partial<RolloutRecord> = {}): RolloutRecord {
  return {
    ...{ beganAt: at(0), endedAt: at(400), end: 'complete', rollbackBeganAt: undefined },
    newTasks: [timedTask('new', { created: 0, pulling: 10, pulled: 30, started: 35 })],
    oldTasks: [timedTask('old', { stopping: 75, ended: 390 })],
    stopsToldAt: new Map(),
    ...{ deregistrationDelayMs: undefined, bakeMs: 0, bakesBeforeStops: false },
    ...{ bakesAfterStops: undefined, awaitsHealth: undefined },
    ...members,
  }
}

/** No time at all. */
export const noParts = {
  ...{ rollback: 0, provision: 0, pull: 0, start: 0, failing: 0, health: 0 },
  ...{ deregistration: 0, stop: 0, bake: 0, other: 0 },
}

/** Parts that are not nothing, and that they add up. */
export function partsOf({ evidence: { time } }: ServiceOutcome): Partial<TimeSpent['parts']> {
  if (time === undefined) throw new TypeError('no time is told')
  const parts = Object.entries(time.parts).filter(([, seconds]) => seconds > 0)
  const sum = parts.reduce((all, [, seconds]) => all + seconds, 0)
  expect(sum).toBeCloseTo(time.totalSeconds, 3)
  return Object.fromEntries(parts)
}

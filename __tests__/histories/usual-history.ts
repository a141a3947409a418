import type {
  History,
  NewTasks,
  Reads,
  Run,
  ServiceSetup,
} from '../../simulator/histories/history.ts'

export const minutes = (count: number): number => count * 60_000

/** Two healthy tasks in place of two others with nothing going on, and what a test says is different. */
export function history(differences: {
  readonly service?: Partial<ServiceSetup>
  readonly tasks?: Partial<NewTasks>
  readonly disturbances?: History['disturbances']
  readonly reads?: Partial<Reads>
  readonly run?: Partial<Run>
}): History {
  return {
    service: {
      ...{ desiredCount: 2, minimumHealthyPercent: 100, maximumPercent: 200 },
      ...{ breaker: undefined, healthCheck: false, loadBalancer: undefined },
      ...{ alarms: undefined, earlySuccess: undefined, staged: undefined },
      predecessor: 'completed',
      ...differences.service,
    },
    tasks: {
      first: [],
      then: { kind: 'healthy', startsAfterMs: 2_000, healthyAfterMs: 1_000 },
      ...differences.tasks,
    },
    disturbances: differences.disturbances ?? [],
    reads: {
      ...{ listLagMs: 0, currentLagMs: 0, failing: [], blindFromMs: undefined },
      ...differences.reads,
    },
    run: {
      ...{ deadlineMs: minutes(30), maxTaskFailures: 3 },
      ...{ cancelAtMs: undefined, updateAnswerLost: false },
      ...{ onPause: 'wait' as const, onFailure: 'leave' as const, onTimeout: 'leave' as const },
      ...differences.run,
    },
  }
}

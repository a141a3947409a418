/** What ends a deployment before its time. */
export type FailureCause = 'breaker' | 'alarm' | 'hook' | 'user'

/** How ECS words a failed deployment, in its several places. */
export interface FailureTexts {
  /** `rolloutStateReason` of the deployment that failed. */
  readonly rollout: (deploymentId: string) => string
  /** `rolloutStateReason` of the deployment that it returns to. */
  readonly rollingBack: (deploymentId: string) => string
  /** The event, after the deployment's id; a user's rollback has none. */
  readonly event?: string
  /** `statusReason` without and with rollback, and when the rollback fails as well. */
  readonly stopped: string
  readonly rolledBack: string
  readonly rollbackFailed: string
}

const byAlarm = 'because an alarm was triggered.'
const byBreaker = 'because the circuit breaker threshold was exceeded.'
const byHook = 'because a lifecycle hook failed.'
const byUser = 'because a user requested it.'

const deployment = (clause: string): Pick<FailureTexts, 'stopped' | 'rolledBack'> => ({
  stopped: `Service deployment failed ${clause}`,
  rolledBack: `Service deployment rolled back ${clause}`,
})

export const failureTexts: Readonly<Record<FailureCause, FailureTexts>> = {
  breaker: {
    rollout: () => 'ECS deployment circuit breaker: tasks failed to start.',
    rollingBack: (id) => `ECS deployment circuit breaker: rolling back to deploymentId ${id}.`,
    event: 'deployment failed: tasks failed to start.',
    ...deployment(byBreaker),
    rollbackFailed: `Service deployment rollback failed ${byBreaker}`,
  },
  alarm: {
    rollout: () => 'ECS deployment failed: alarm detected.',
    rollingBack: (id) => `ECS deployment alarm: rolling back to deploymentId ${id}.`,
    event: 'deployment failed: alarm detected.',
    ...deployment(byAlarm),
    rollbackFailed: `Service deployment rollback failed ${byAlarm}`,
  },
  hook: {
    rollout: () => 'ECS deployment failed: lifecycle hook failed.',
    rollingBack: (id) => `ECS deployment ${id} in progress.`,
    event: 'deployment failed: lifecycle hook failed.',
    ...deployment(byHook),
    rollbackFailed: `Service deployment rollback failed ${byHook}`,
  },
  user: {
    rollout: (id) => `ECS deployment ${id} stopped: rollback requested.`,
    rollingBack: (id) => `ECS deployment ${id} in progress.`,
    ...deployment(byUser),
    rollbackFailed: `Service deployment rollback failed ${byUser}`,
  },
}

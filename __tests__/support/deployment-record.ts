import type { LifecycleHook } from '../../src/core/rollout/observation/lifecycle-hook.ts'
import type { ServiceDeploymentRecord } from '../../src/core/rollout/observation/service-deployment-record.ts'
import { readTrafficShift } from '../../src/core/rollout/observation/traffic-shift.ts'

/** A record of a rolling deployment under way, and whatever a test says is different. */
export function deploymentRecord(
  members: Partial<ServiceDeploymentRecord> = {},
): ServiceDeploymentRecord {
  return {
    ...{ arn: 'sd/2', status: 'IN_PROGRESS', statusReason: undefined, lifecycleStage: undefined },
    ...{ hooks: [], hookSettings: [], sourceRevisionArns: [], shift: readTrafficShift({}) },
    target: {
      arn: 'revision/2',
      runningCount: 0,
      testTraffic: undefined,
      productionTraffic: undefined,
    },
    ...{ rollingBack: false, rollbackReason: undefined },
    ...{ breakerStatus: 'DISABLED', breakerFailures: 0, breakerThreshold: 0 },
    ...{ alarmsStatus: 'DISABLED', triggeredAlarms: [], createdAt: undefined },
    ...members,
  }
}

/** A pause that waits, and whatever a test says is different. */
export function lifecycleHook(members: Partial<LifecycleHook> = {}): LifecycleHook {
  return {
    ...{ id: 'ecs-pause-1', targetType: 'PAUSE', targetArn: undefined, status: 'AWAITING_ACTION' },
    ...{ expiresAt: undefined, timeoutAction: 'ROLLBACK' },
    ...members,
  }
}

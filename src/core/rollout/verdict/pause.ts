import { nameHook, type LifecycleHook } from '../observation/lifecycle-hook.ts'
import type { ServiceDeploymentRecord } from '../observation/service-deployment-record.ts'

/** What a pause can be answered (ECS API reference, ContinueServiceDeployment). */
export type HookAction = 'CONTINUE' | 'ROLLBACK'

/**
 * The pauses of a deployment that wait for somebody's answer. Lambda hooks answer for themselves,
 * and what is rolled back or at its end cannot be answered any more.
 */
export function pausesOf(record: ServiceDeploymentRecord | undefined): readonly LifecycleHook[] {
  if (record === undefined || record.status !== 'IN_PROGRESS' || record.rollingBack) return []
  return record.hooks.filter(
    ({ id, targetType, status }) =>
      id !== '' && targetType === 'PAUSE' && status === 'AWAITING_ACTION',
  )
}

/** `pause hook ecs-pause-… at stage POST_SCALE_UP, which rolls back at 2026-11-22T10:00:00.000Z` */
export function describePause(record: ServiceDeploymentRecord, hook: LifecycleHook): string {
  const stage = record.lifecycleStage ?? 'unknown'
  const { expiresAt, timeoutAction } = hook
  const then = timeoutAction === 'CONTINUE' ? 'goes on by itself' : 'rolls back'
  const end = expiresAt === undefined ? '' : `, which ${then} at ${expiresAt.toISOString()}`
  return `${nameHook(hook)} at stage ${stage}${end}`
}

/** How somebody answers the pause: with this action, or with the AWS CLI. */
export function howToAnswer(deploymentArn: string, { id }: LifecycleHook): string {
  return (
    `Answer the pause with \`mode: continue\`, \`deployment-arn: ${deploymentArn}\`, \`hook-id: ${id}\` and ` +
    '`hook-action: continue` (or `rollback`), or with ' +
    `\`aws ecs continue-service-deployment --service-deployment-arn ${deploymentArn} --hook-id ${id} --action CONTINUE\`.`
  )
}

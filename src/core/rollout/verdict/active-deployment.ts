import type { ActiveDeploymentPolicy } from '../../inputs/deploy/policies.ts'
import { primaryOf, type Deployment, type ServiceView } from '../observation/observation.ts'
import { describePause, pausesOf } from './pause.ts'
import type { ServiceDeploymentRecord } from '../observation/service-deployment-record.ts'
import { nameInArn } from '../../name-in-arn.ts'

/** A deployment of the service that has not ended; whose it is, nobody can tell. */
export interface ActiveDeployment {
  /** `ecs-svc/…` of what the service goes to: in a rollback, of what it returns to. */
  readonly deploymentId: string
  readonly taskDefinitionArn: string
  /** ECS's own record, where it could be read. */
  readonly record: ServiceDeploymentRecord | undefined
  readonly state: 'rolling-out' | 'paused' | 'rolling-back'
}

/** What is done about an active deployment before ours. `adopt`: it is the very one we want. */
export type Admission = 'adopt' | 'supersede' | 'wait' | 'refuse'

/** Statuses of a service deployment that has not ended (ECS API reference, ServiceDeployment). */
export const liveStatuses = [
  'PENDING',
  'IN_PROGRESS',
  'STOP_REQUESTED',
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
] as const

/** The entry of `deployments` that has not ended, by what DescribeServices tells alone. */
export function underWay({ deployments }: ServiceView): Deployment | undefined {
  return deployments.find(({ rolloutState }) => rolloutState === 'IN_PROGRESS')
}

/** @param record Of the service deployment that has not ended, where it could be read. */
export function findActive(
  service: ServiceView,
  record: ServiceDeploymentRecord | undefined,
): ActiveDeployment | undefined {
  const deployment = underWay(service)
  if (deployment === undefined) return undefined
  const { id: deploymentId, taskDefinitionArn } = deployment
  const about = { deploymentId, taskDefinitionArn, record }
  if (record === undefined) return { ...about, state: stateByService(service) }
  if (record.rollingBack || record.status.startsWith('ROLLBACK_')) {
    return { ...about, state: 'rolling-back' }
  }
  return { ...about, state: pausesOf(record).length > 0 ? 'paused' : 'rolling-out' }
}

/** In a rollback an older deployment is PRIMARY again, beside the one that failed. */
function stateByService(service: ServiceView): 'rolling-out' | 'rolling-back' {
  const primary = primaryOf(service)
  const told = /rolling back|rolled back/i.test(primary?.rolloutStateReason ?? '')
  const failedSince = service.deployments.some(
    ({ rolloutState, createdAt }) =>
      rolloutState === 'FAILED' &&
      createdAt !== undefined &&
      primary?.createdAt !== undefined &&
      createdAt > primary.createdAt,
  )
  return told || failedSince ? 'rolling-back' : 'rolling-out'
}

/**
 * Only a `supersede` that is written out goes over what waits for a person, or over a way back that
 * is not at its end.
 * @param identical Whether the active deployment brings the definition that we want.
 */
export function admit(
  policy: ActiveDeploymentPolicy | undefined,
  { state }: ActiveDeployment,
  identical: boolean,
): Admission {
  if (identical && state !== 'rolling-back') return 'adopt'
  if (policy === 'supersede') return 'supersede'
  if (state !== 'rolling-out') return 'refuse'
  return policy ?? 'supersede'
}

/** `ecs-svc/1 of web:2 (arn:…), which is paused: …` */
export function describeActive(active: ActiveDeployment): string {
  const { deploymentId, taskDefinitionArn, record, state } = active
  const revision = nameInArn(taskDefinitionArn)
  const name = `${deploymentId} of ${revision}${record === undefined ? '' : ` (${record.arn})`}`
  switch (state) {
    case 'rolling-out':
      return name
    case 'rolling-back':
      return `a rollback to ${name}`
    case 'paused': {
      const [hook] = pausesOf(record)
      const pause = record === undefined || hook === undefined ? '' : describePause(record, hook)
      return `${name}, which is paused: ${pause}`
    }
  }
}

import { stringAt } from '../../json.ts'
import { underWay } from '../../rollout/verdict/active-deployment.ts'
import type { CurrentService } from '../../rollout/observation/current-service.ts'
import { readServiceView } from '../../rollout/observation/observation.ts'
import { describeWaitUntil } from '../../rollout/verdict/wait-until.ts'
import { differingSettings } from '../service/differing-settings.ts'
import type { ContinuePlan } from '../plan.ts'
import type { ServicePlan, WatchPlan } from '../service/service-plan.ts'
import type { DefinitionDescription, ServiceDescription } from './plan-description.ts'
import { nameInArn } from '../../name-in-arn.ts'

/** A service that gets a revision, or has it already. */
export function describeServicePlan(
  plan: ServicePlan,
  definition: DefinitionDescription,
): ServiceDescription {
  const { current, forceNewDeployment, settings } = plan
  const changedSettings = differingSettings(settings, current.raw)
  const newRevision = definition.revision ?? 'pending'
  const isSo = newRevision === nameInArn(current.taskDefinitionArn)
  const adopts = isSo && !forceNewDeployment && changedSettings.length === 0
  return {
    ...describeWatched(plan),
    ...{ action: adopts ? 'adopt' : 'deploy', newRevision, forceNewDeployment, changedSettings },
  }
}

/** A service whose deployment is under way and that ECS itself returns. */
export function describeStop(plan: ServicePlan): ServiceDescription {
  const view = readServiceView(plan.current.raw)
  const before = view.deployments.find(({ id }) => id !== plan.current.primaryDeploymentId)
  return {
    ...describeWatched(plan),
    action: 'stop',
    ...(before !== undefined && { newRevision: nameInArn(before.taskDefinitionArn) }),
  }
}

/** A service whose deployment is followed once its pause is answered. */
export function describeFollowed({ watch, deployment }: ContinuePlan): ServiceDescription {
  return { ...describeWatched(watch), action: 'follow', newRevision: deployment.revision.name }
}

function describeWatched(plan: WatchPlan): Omit<ServiceDescription, 'action'> {
  const { cluster, service, current, wait, policies } = plan
  const active = describeActive(current)
  return {
    ...{ cluster, service, serviceArn: current.serviceArn },
    currentRevision: nameInArn(current.taskDefinitionArn),
    forceNewDeployment: false,
    changedSettings: [],
    strategy: stringAt(plan.deploymentConfiguration, 'strategy') ?? 'ROLLING',
    wait: {
      awaited: wait.awaited,
      until: describeWaitUntil(wait.until),
      onPause: wait.onPause,
      deadlineSeconds: wait.mostMs / 1000,
      maxTaskFailures: wait.maxTaskFailures,
    },
    policies: {
      onFailure: policies.onFailure,
      onTimeout: policies.onTimeout,
      onCancel: policies.onCancel,
      onSuperseded: policies.onSuperseded,
      ...(policies.onActiveDeployment !== undefined && {
        onActiveDeployment: policies.onActiveDeployment,
      }),
    },
    ...(active !== undefined && { activeDeployment: active }),
  }
}

function describeActive(current: CurrentService): ServiceDescription['activeDeployment'] {
  const active = underWay(readServiceView(current.raw))
  return active && { deploymentId: active.id, revision: nameInArn(active.taskDefinitionArn) }
}

import type { PushedImage } from '../../image/image.ts'
import type { AnswerInputs } from '../../inputs/deploy/waiting.ts'
import type { DeployInputs } from '../../inputs/inputs.ts'
import { objectAt, type JsonObject } from '../../json.ts'
import type { CurrentService } from '../../rollout/observation/current-service.ts'
import {
  deploymentIdOf,
  deploymentOf,
  readServiceView,
} from '../../rollout/observation/observation.ts'
import type { LifecycleHook } from '../../rollout/observation/lifecycle-hook.ts'
import type { ServiceDeploymentRecord } from '../../rollout/observation/service-deployment-record.ts'
import type { ContinuePlan } from '../plan.ts'
import { planWait } from './plan-wait.ts'
import { nameInArn } from '../../name-in-arn.ts'

/** What preflight read of the paused deployment. */
export interface PausedFacts {
  /** As the user named it. */
  readonly cluster: string
  readonly current: CurrentService
  readonly record: ServiceDeploymentRecord
  readonly hook: LifecycleHook
  /** The task definition that the deployment brings. */
  readonly taskDefinitionArn: string
  readonly definition: JsonObject
  /** What its containers were found to hold, and which of them. */
  readonly image: PushedImage | undefined
  readonly containerNames: readonly string[]
}

/** Decides how the pause is answered and the deployment followed. @throws InputErrors */
export function planAnswer(
  deploy: DeployInputs,
  { action }: AnswerInputs,
  facts: PausedFacts,
): ContinuePlan {
  const { cluster, current, record, hook, taskDefinitionArn, definition, image } = facts
  const deploymentConfiguration = objectAt(current.raw, 'deploymentConfiguration')
  const deploymentId = deploymentIdOf(record.target.arn)
  const name = nameInArn(taskDefinitionArn)
  return {
    mode: 'continue',
    ...{ hookId: hook.id, action, image },
    watch: {
      ...{ cluster, service: current.serviceName, current, deploymentConfiguration },
      ...{ containerNames: facts.containerNames, policies: deploy.policies },
      wait: planWait(deploy, deploymentConfiguration),
    },
    deployment: {
      revision: { arn: taskDefinitionArn, name, registered: false, definition },
      ...{ deploymentId, started: true },
      previousTaskDefinitionArn: definitionBefore(current, deploymentId) ?? taskDefinitionArn,
      brief: {
        ...{ arn: record.arn, status: record.status, createdAt: record.createdAt },
        targetServiceRevisionArn: record.target.arn,
      },
    },
  }
}

/** What the service ran when the deployment began, as long as it is listed. */
function definitionBefore(current: CurrentService, deploymentId: string): string | undefined {
  const view = readServiceView(current.raw)
  const ours = deploymentOf(view, deploymentId)
  return view.deployments.find(({ id }) => id !== ours?.id)?.taskDefinitionArn
}

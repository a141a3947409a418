import type { Mode } from '../../inputs/mode.ts'
import type { DefinitionPlan, ServicePlan } from '../service/service-plan.ts'
import type { ContinuePlan, Plan, RollbackPlan } from '../plan.ts'
import { describeDefinition, type ComparedDefinition } from './describe-definition.ts'
import { describeFoundImage, describeImagePlans } from './describe-image.ts'
import { describeFollowed, describeServicePlan, describeStop } from './describe-service.ts'
import { describeTask } from './describe-task.ts'
import type { PlanDescription, ServiceDescription } from './plan-description.ts'
import { unprovenPermissions } from './unproven-permissions.ts'

type Parts = Partial<Omit<PlanDescription, 'version' | 'mode' | 'unprovenPermissions'>>

/** The task definitions that a plan brings, in the order in which they would be registered. */
export function definitionsOf(plan: Plan): readonly DefinitionPlan[] {
  switch (plan.mode) {
    case 'release':
      return plan.services.length > 0 ? plan.services : plan.definitions
    case 'deploy':
      return plan.services
    case 'run':
      return [plan.definition]
    case 'rollback':
      return plan.reverts.flatMap((revert) => (revert.kind === 'update' ? [revert.plan] : []))
    case 'build':
    case 'continue':
      return []
  }
}

/**
 * What the run would do, without any value that could be a secret.
 * @param compared Each of {@link definitionsOf}.
 */
export function describePlan(plan: Plan, compared: readonly ComparedDefinition[]): PlanDescription {
  const parts = partsOf(plan, compared)
  return {
    ...{ version: 1, mode: modeOf(plan) },
    ...{ images: [], taskDefinitions: [], services: [] },
    ...parts,
    unprovenPermissions: unprovenPermissions(plan, compared, parts.services ?? []),
  }
}

/** What joins legs is a release from then on. */
function modeOf(plan: Plan): Mode {
  const merges = plan.mode === 'release' && plan.images.some(({ kind }) => kind === 'merge')
  return merges ? 'merge' : plan.mode
}

function partsOf(plan: Plan, compared: readonly ComparedDefinition[]): Parts {
  const taskDefinitions = compared.map((each) => describeDefinition(each, serviceOf(each.plan)))
  switch (plan.mode) {
    case 'build':
      return { images: describeImagePlans([plan.image]) }
    case 'release':
    case 'deploy': {
      const images =
        plan.mode === 'release'
          ? describeImagePlans(plan.images)
          : plan.images.map(describeFoundImage)
      const services = plan.services.flatMap((service) => describeWith(service, compared))
      const { deployOrder, task } = plan
      const beside = task && { task: describeTask(task, false) }
      return { images, taskDefinitions, services, deployOrder, ...beside }
    }
    case 'run': {
      const images = plan.image === undefined ? [] : [describeFoundImage(plan.image)]
      return { images, taskDefinitions, task: describeTask(plan.task, true) }
    }
    case 'rollback':
      return { taskDefinitions, ...describeReverts(plan, compared) }
    case 'continue':
      return describeAnswer(plan)
  }
}

function describeReverts(
  { reverts, deployOrder }: RollbackPlan,
  compared: readonly ComparedDefinition[],
): Parts {
  const services = reverts.flatMap((revert) =>
    revert.kind === 'stop' ? [describeStop(revert.plan)] : describeWith(revert.plan, compared),
  )
  return { services, deployOrder }
}

function describeAnswer(plan: ContinuePlan): Parts {
  const { image, deployment, action, hookId } = plan
  return {
    images: image === undefined ? [] : [describeFoundImage(image)],
    services: [describeFollowed(plan)],
    answer: { action, hookId, deploymentArn: deployment.brief?.arn ?? '' },
  }
}

function describeWith(
  service: ServicePlan,
  compared: readonly ComparedDefinition[],
): readonly ServiceDescription[] {
  const found = compared.find(({ plan }) => plan === service)
  return found === undefined
    ? []
    : [describeServicePlan(service, describeDefinition(found, undefined))]
}

function serviceOf(plan: DefinitionPlan & Partial<ServicePlan>): string | undefined {
  const { cluster, service } = plan
  return cluster === undefined || service === undefined ? undefined : `${cluster}/${service}`
}

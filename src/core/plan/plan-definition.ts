import { ActionError } from '../errors/action-error.ts'
import { combineErrors } from '../errors/combine.ts'
import { repositoryUri } from '../image/repository.ts'
import type { DeployInputs } from '../inputs/inputs.ts'
import { stringAt } from '../json.ts'
import { hasChanges, hasContainerChanges } from '../task-definition/changes/changes.ts'
import {
  checkContainers,
  chooseChangedContainers,
  chooseContainers,
} from '../task-definition/containers.ts'
import { findRefusals } from '../task-definition/refusals.ts'
import { renderTaskDefinition } from '../task-definition/render.ts'
import type { ImageTarget, ServiceFacts } from './plan-service.ts'
import type { ServicePlan, TaskDefinitionSource } from './service-plan.ts'

type DefinitionPlan = Pick<ServicePlan, 'source' | 'containerNames' | 'planned'>

/**
 * Decides what becomes of the task definition: where it comes from, which containers get the image,
 * and what is changed of which.
 * @throws ActionError where a container is missing or undecidable, where the revision cannot be
 * deployed, or where ECS would surely refuse the result.
 */
export function planDefinition(
  { containerNames: given, taskDefinition: { choice, changes } }: DeployInputs,
  facts: ServiceFacts,
  image: ImageTarget | undefined,
): DefinitionPlan {
  const source = facts.given ?? facts.currentDefinition
  const { definition, origin } = source
  const containerNames =
    image === undefined ? [] : chooseContainers(definition, given, image.repository, origin)
  checkContainers(definition, [...changes.containerImages.keys()], origin, 'container-images')
  const changed = hasContainerChanges(changes.container)
    ? chooseChangedContainers(definition, given, containerNames, origin)
    : []
  const plan = { source, containerNames, planned: { changes, containerNames: changed } }
  if (image === undefined && !hasChanges(changes)) checkActive(source)
  // What ECS has accepted once is not judged again.
  if (choice.kind === 'file' || hasChanges(changes)) {
    const uri = image && repositoryUri(image.repository)
    const rendered = renderTaskDefinition(source, containerNames, uri, plan.planned)
    const launchType = stringAt(facts.current.raw, 'launchType')
    const [first, ...more] = findRefusals(rendered, launchType, origin)
    if (first !== undefined) throw combineErrors([first, ...more])
  }
  return plan
}

/** A revision that was asked for as it is must be one that can be deployed. */
function checkActive({ definition, origin, exact }: TaskDefinitionSource): void {
  const status = stringAt(definition, 'status') ?? 'ACTIVE'
  if (exact !== true || status === 'ACTIVE') return
  throw new ActionError(
    'task-definition-refused',
    `${origin} is ${status}, and only an ACTIVE revision can be deployed as it is`,
    'Name an ACTIVE revision; its content can still be registered anew from a file.',
  )
}

import { ActionError } from '../../errors/action-error.ts'
import { combineErrors } from '../../errors/combine.ts'
import type { Platform } from '../../image/platform.ts'
import { repositoryUri } from '../../image/repository/repository.ts'
import type { DeployInputs } from '../../inputs/inputs.ts'
import { stringAt } from '../../json.ts'
import { checkPlatform, requiredPlatform } from '../../task-definition/platform.ts'
import { hasChanges, hasContainerChanges } from '../../task-definition/changes/changes.ts'
import { checkContainers, chooseChangedContainers } from '../../task-definition/containers.ts'
import { findRefusals } from '../../task-definition/refusals.ts'
import { renderTaskDefinition } from '../../task-definition/render.ts'
import { placeImages } from '../image/place-images.ts'
import type { PlannedImages } from '../image/planned-images.ts'
import type { DefinitionPlan, TaskDefinitionSource } from './service-plan.ts'

/** What a task definition is planned of. */
export interface DefinitionFacts {
  readonly source: TaskDefinitionSource
  /** Of the service that shall run it; undefined where there is none, or it has a strategy. */
  readonly launchType: string | undefined
}

/**
 * Decides what becomes of the task definition: where it comes from, which containers get the image,
 * and what is changed of which.
 * @throws ActionError where a container is missing or undecidable, where the revision cannot be
 * deployed, or where ECS would surely refuse the result.
 */
export function planDefinition(
  { containerNames: given, keepTaskDefinitions, ...deploy }: DeployInputs,
  { source, launchType }: DefinitionFacts,
  image: PlannedImages,
): DefinitionPlan {
  const { choice, changes } = deploy.taskDefinition
  const { definition, origin } = source
  const placed = placeImages({ ...deploy, containerNames: given }, source, image)
  const { containerNames, pullFrom } = placed
  checkContainers(definition, [...changes.containerImages.keys()], origin, 'container-images')
  const changed = hasContainerChanges(changes.container)
    ? chooseChangedContainers(definition, given, containerNames, origin)
    : []
  const planned = { changes, containerNames: changed }
  const plan = { source, ...placed, planned, keepTaskDefinitions }
  if (image === undefined && !hasChanges(changes)) checkActive(source)
  // What ECS has accepted once is not judged again.
  if (choice.kind === 'file' || hasChanges(changes)) {
    const images = new Map([...pullFrom].map(([name, from]) => [name, repositoryUri(from)]))
    const rendered = renderTaskDefinition(source, images, plan.planned)
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

/** What keeps the platforms of the images from running the task definition. */
export function findMismatch(
  { source: { definition, origin }, launchType }: DefinitionFacts,
  images: PlannedImages,
): readonly ActionError[] {
  const required = requiredPlatform(definition, launchType)
  return namedImages(images).flatMap((image) => checkPlatform(required, image, origin) ?? [])
}

function namedImages(
  images: PlannedImages,
): readonly { readonly name: string; readonly platforms: readonly Platform[] }[] {
  if (images === undefined) return []
  if (!('targets' in images)) return [{ name: 'the image', platforms: images.platforms }]
  return [...images.targets].map(([target, { platforms }]) => ({
    name: `the image of target "${target}"`,
    platforms,
  }))
}

import type { ImageHome } from '../../image/image.ts'
import { pullRepository } from '../../image/repository/pull-repository.ts'
import type { DeployInputs } from '../../inputs/inputs.ts'
import { objectsAt, stringAt } from '../../json.ts'
import { chooseTargets } from '../../task-definition/choose-targets.ts'
import { chooseContainers } from '../../task-definition/containers.ts'
import type { ImageTarget, PlannedImages } from './planned-images.ts'
import type { DefinitionPlan, TaskDefinitionSource } from '../service/service-plan.ts'

/**
 * Which containers of a definition get an image of this run, which one, and from where.
 * @throws ActionError where a container is missing or undecidable.
 */
export function placeImages(
  {
    containerNames: given,
    taskDefinition,
  }: Pick<DeployInputs, 'containerNames' | 'taskDefinition'>,
  { definition, origin }: TaskDefinitionSource,
  images: PlannedImages,
): Required<Pick<DefinitionPlan, 'containerNames' | 'pullFrom'>> & Pick<DefinitionPlan, 'targets'> {
  if (images === undefined) return { containerNames: [], pullFrom: new Map() }
  const current = new Map(
    objectsAt(definition, 'containerDefinitions').map((container) => [
      stringAt(container, 'name') ?? '',
      stringAt(container, 'image') ?? '',
    ]),
  )
  const pullOf = (name: string, { region, ...home }: ImageHome & Pick<ImageTarget, 'region'>) =>
    [name, pullRepository(home, current.get(name) ?? '', region)] as const
  if (!('targets' in images)) {
    const containerNames = chooseContainers(definition, given, images, origin)
    return { containerNames, pullFrom: new Map(containerNames.map((name) => pullOf(name, images))) }
  }
  const choice = { containerTargets: taskDefinition.containerTargets, containerNames: given }
  const targets = chooseTargets(definition, choice, images.targets, origin)
  const pulls = [...targets].flatMap(([name, target]) => {
    const image = images.targets.get(target)
    return image === undefined ? [] : [pullOf(name, image)]
  })
  return { containerNames: [...targets.keys()], pullFrom: new Map(pulls), targets }
}

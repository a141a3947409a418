import { ActionError } from '../errors/action-error.ts'
import type { ImageHome } from '../image/image.ts'
import { livesIn } from '../image/repository/pull-repository.ts'
import { objectsAt, stringAt, type JsonObject } from '../json.ts'
import { checkContainers, chooseContainers } from './containers.ts'

/** What the inputs say of containers and the targets of this run. */
export interface TargetChoice {
  /** Container name to target, where `container-images` was given. */
  readonly containerTargets: ReadonlyMap<string, string> | undefined
  readonly containerNames: readonly string[]
}

/**
 * Which container gets the image of which target: as the inputs say, else each container whose image
 * lives in the repository of one target already. A single target is treated as an image without one.
 * @returns by container name; others keep the image that they have.
 * @throws ActionError `container-not-found`, `container-ambiguous`, `invalid-inputs`.
 */
export function chooseTargets(
  definition: JsonObject,
  { containerTargets, containerNames }: TargetChoice,
  targets: ReadonlyMap<string, ImageHome>,
  origin: string,
): ReadonlyMap<string, string> {
  if (containerTargets !== undefined) {
    checkContainers(definition, [...containerTargets.keys()], origin, 'container-images')
    for (const target of containerTargets.values()) {
      if (!targets.has(target)) throw noSuchTarget(target, [...targets.keys()])
    }
    return containerTargets
  }
  const [single, ...others] = targets
  if (single !== undefined && others.length === 0) {
    const [target, home] = single
    const names = chooseContainers(definition, containerNames, home, origin)
    return new Map(names.map((name) => [name, target]))
  }
  return chooseByImage(definition, targets, origin)
}

function chooseByImage(
  definition: JsonObject,
  targets: ReadonlyMap<string, ImageHome>,
  origin: string,
): ReadonlyMap<string, string> {
  const chosen = new Map<string, string>()
  for (const container of objectsAt(definition, 'containerDefinitions')) {
    const name = stringAt(container, 'name') ?? ''
    const image = stringAt(container, 'image') ?? ''
    const [first, ...more] = [...targets].filter(([, { repository }]) => livesIn(image, repository))
    if (first === undefined) continue
    if (more.length > 0) {
      const names = [first, ...more].map(([target]) => target).join(' and ')
      throw undecided(`container "${name}" of ${origin} could get ${names}, of one repository`)
    }
    chosen.set(name, first[0])
  }
  if (chosen.size > 0) return chosen
  const names = [...targets.keys()].join(', ')
  throw undecided(`no container of ${origin} uses a repository of the targets ${names}`)
}

function undecided(what: string): ActionError {
  return new ActionError(
    'container-ambiguous',
    what,
    'Say which target goes where: `container-images: container=target`, one a line.',
  )
}

function noSuchTarget(target: string, targets: readonly string[]): ActionError {
  return new ActionError(
    'invalid-inputs',
    `container-images: "${target}" is no target of this run, which builds ${targets.join(', ')}`,
    'Name one of these, or write a reference with /, : or @ in it.',
  )
}

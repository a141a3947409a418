import { ActionError } from '../errors/action-error.ts'
import type { ImageHome } from '../image/image.ts'
import { livesIn } from '../image/repository/pull-repository.ts'
import { repositoryUri } from '../image/repository/repository.ts'
import { objectsAt, stringAt, type JsonObject } from '../json.ts'

interface Container {
  readonly name: string
  readonly image: string
}

/**
 * Which containers get the image. The names that were given; else the one container whose image
 * lives in a repository of `home` already (several only if all hold the same reference); else the only one.
 * @throws ActionError `container-not-found`, `container-ambiguous`; both list what there is.
 */
export function chooseContainers(
  definition: JsonObject,
  given: readonly string[],
  home: ImageHome,
  origin: string,
): readonly string[] {
  const containers = containersOf(definition)
  if (given.length > 0) return checkContainers(definition, given, origin, 'container-name')
  const repositories = [home.repository, ...(home.copies ?? [])]
  const ours = containers.filter(({ image }) =>
    repositories.some((repository) => livesIn(image, repository)),
  )
  if (ours.length > 0 && new Set(ours.map(({ image }) => image)).size === 1) return namesOf(ours)
  const [only, ...others] = containers
  if (ours.length === 0 && only !== undefined && others.length === 0) return [only.name]
  throw ambiguous(containers, ours, repositories.map(repositoryUri).join(' or '), origin)
}

/**
 * Which containers the changes of a container go to. The names that were given; else the one that
 * gets the image; else the only one.
 * @param ofImage Containers that get the image of this run.
 * @throws ActionError `container-not-found`, `container-ambiguous`; both list what there is.
 */
export function chooseChangedContainers(
  definition: JsonObject,
  given: readonly string[],
  ofImage: readonly string[],
  origin: string,
): readonly string[] {
  if (given.length > 0) return checkContainers(definition, given, origin, 'container-name')
  if (ofImage.length === 1) return ofImage
  const containers = containersOf(definition)
  if (containers.length === 1) return namesOf(containers)
  throw new ActionError(
    'container-ambiguous',
    `several containers of ${origin} could be meant by the changes: ${describe(containers)}`,
    'Set `container-name` to the containers that are changed.',
  )
}

/**
 * The names that were given, which must all be there.
 * @param input The input that gave them.
 * @throws ActionError `container-not-found`.
 */
export function checkContainers(
  definition: JsonObject,
  given: readonly string[],
  origin: string,
  input: string,
): readonly string[] {
  const containers = containersOf(definition)
  const missing = given.filter((name) => !containers.some((container) => container.name === name))
  if (missing.length === 0) return given
  throw new ActionError(
    'container-not-found',
    `${origin} has no container ${missing.map((name) => JSON.stringify(name)).join(', ')}; it has ${describe(containers)}`,
    `Set \`${input}\` to one of these names.`,
  )
}

function ambiguous(
  containers: readonly Container[],
  ours: readonly Container[],
  repositories: string,
  origin: string,
): ActionError {
  const why =
    ours.length === 0
      ? `no container of ${origin} uses ${repositories}`
      : `several containers of ${origin} use ${repositories}, with different images`
  return new ActionError(
    'container-ambiguous',
    `${why}: ${describe(containers)}`,
    'Set `container-name` to the container that gets the image.',
  )
}

function containersOf(definition: JsonObject): readonly Container[] {
  return objectsAt(definition, 'containerDefinitions').map((container) => ({
    name: stringAt(container, 'name') ?? '',
    image: stringAt(container, 'image') ?? '',
  }))
}

function namesOf(containers: readonly Container[]): readonly string[] {
  return containers.map(({ name }) => name)
}

function describe(containers: readonly Container[]): string {
  if (containers.length === 0) return 'no containers'
  return containers.map(({ name, image }) => `${JSON.stringify(name)} (${image})`).join(', ')
}

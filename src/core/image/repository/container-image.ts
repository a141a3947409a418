import { objectsAt, stringAt, type JsonObject } from '../../json.ts'
import { isDigest, type Digest } from '../digest.ts'
import { isPublic, parseRepositoryReference, type Repository } from './repository.ts'

/** What a container of a task definition is to run, where that is one image of one ECR repository. */
export interface ContainerImage {
  readonly container: string
  readonly repository: Repository
  readonly digest: Digest
}

/**
 * The images of the containers that are in ECR and known by digest: written in the reference, or
 * resolved by ECS from its tag.
 * @param resolved Digests by container.
 */
export function ecrImagesOf(
  definition: JsonObject,
  resolved: ReadonlyMap<string, Digest>,
): readonly ContainerImage[] {
  return objectsAt(definition, 'containerDefinitions').flatMap((each) => {
    const container = stringAt(each, 'name') ?? ''
    const [place = '', written = ''] = (stringAt(each, 'image') ?? '').split('@')
    const reference = parseRepositoryReference(place.replace(/:[\w][\w.-]*$/, ''))
    const digest = isDigest(written) ? written : resolved.get(container)
    if (reference?.host === undefined || digest === undefined) return []
    // Sidecars of other people come from there; their repositories are not ours to ask.
    if (isPublic(reference.host)) return []
    return [{ container, digest, repository: { registry: reference.host, name: reference.name } }]
  })
}

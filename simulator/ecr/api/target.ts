import { objectMember, stringMember } from '../../wire/members.ts'
import type { JsonObject } from '../../wire/service.ts'
import { imageNotFound, invalidParameter } from '../store/refusals.ts'
import type { Registry } from '../store/registry.ts'
import type { Repository, StoredImage } from '../store/repository.ts'

/** A parameter that has to be there. */
export function required(input: JsonObject, name: string): string {
  const value = stringMember(input, name)
  if (value === undefined) throw invalidParameter(name, 'Member must not be null')
  return value
}

/** The repository that `registryId` and `repositoryName` name; throws when there is none. */
export function targetRepository(registry: Registry, input: JsonObject): Repository {
  return registry.repository(required(input, 'repositoryName'))
}

/** `registryId` and `repositoryName`, as most answers begin. */
export function named(registry: Registry, repository: Repository): JsonObject {
  return { registryId: registry.id, repositoryName: repository.name }
}

/** The image that the member `imageId` names; throws ImageNotFoundException. */
export function targetImage(
  registry: Registry,
  repository: Repository,
  input: JsonObject,
): StoredImage {
  const given = objectMember(input, 'imageId')
  if (given === undefined) throw invalidParameter('imageId', 'Member must not be null')
  return namedImage(registry, repository, imageIdOf(given))
}

/** The image of an id: where it gives both, tag and digest have to agree. */
export function namedImage(registry: Registry, repository: Repository, id: ImageId): StoredImage {
  const image = repository.find(id.digest ?? id.tag ?? '')
  const agrees = id.tag === undefined || repository.digestOfTag(id.tag) === image?.manifest.digest
  if (image === undefined || !agrees) throw imageNotFound(id, repository.name, registry.id)
  return image
}

/** `{ imageDigest, imageTag }` as the API names an image. */
export interface ImageId {
  readonly digest?: string
  readonly tag?: string
}

export function imageIdOf(value: JsonObject): ImageId {
  const digest = stringMember(value, 'imageDigest')
  const tag = stringMember(value, 'imageTag')
  return { ...(digest !== undefined && { digest }), ...(tag !== undefined && { tag }) }
}

export function imageIdJson({ digest, tag }: ImageId): JsonObject {
  return {
    ...(digest !== undefined && { imageDigest: digest }),
    ...(tag !== undefined && { imageTag: tag }),
  }
}

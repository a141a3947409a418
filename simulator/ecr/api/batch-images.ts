import { objectsMember, stringsMember } from '../../wire/members.ts'
import type { JsonObject } from '../../wire/service.ts'
import { isDigest } from '../store/digest.ts'
import { imageStatus } from '../store/image-status.ts'
import type { Registry } from '../store/registry.ts'
import type { Repository, StoredImage } from '../store/repository.ts'
import { imageIdJson, imageIdOf, targetRepository, type ImageId } from './target.ts'
import type { EcrOperations } from './operation.ts'

/** Why one image of a batch could not be had. */
interface Failure {
  readonly code: string
  readonly reason: string
}

type Found = { readonly image: StoredImage } | { readonly failure: Failure }

/** Operations on several images at once: what fails is listed, the rest is done. */
export const batchImageOperations: EcrOperations = {
  BatchGetImage: (registry, input) => {
    const repository = targetRepository(registry, input)
    const accepted = stringsMember(input, 'acceptedMediaTypes')
    return batch(input, repository, 'images', (id, image) => {
      if (accepted !== undefined && !accepted.includes(image.manifest.mediaType)) return NOT_FOUND
      if (imageStatus(image, registry.clock.now()) !== 'ACTIVE') return ARCHIVED
      image.lastPulledAtMs = registry.clock.now()
      return imageJson(registry, repository, image, id.tag)
    })
  },
  BatchDeleteImage: (registry, input) => {
    const repository = targetRepository(registry, input)
    return batch(input, repository, 'imageIds', ({ digest, tag }, { manifest }) => {
      const last = repository.tagsOf(manifest.digest).length <= 1
      const whole = digest !== undefined || last
      if (whole && repository.parentsOf(manifest.digest).length > 0) return REFERENCED
      if (whole) repository.removeImage(manifest.digest)
      else if (tag !== undefined) repository.removeTag(tag)
      return imageIdJson({ digest: manifest.digest, ...(tag !== undefined && { tag }) })
    })
  },
}

/** An image as PutImage and BatchGetImage give it back. */
export function imageJson(
  registry: Registry,
  repository: Repository,
  { manifest }: StoredImage,
  tag: string | undefined,
): JsonObject {
  return {
    registryId: registry.id,
    repositoryName: repository.name,
    imageId: imageIdJson({ digest: manifest.digest, ...(tag !== undefined && { tag }) }),
    imageManifest: manifest.text,
    imageManifestMediaType: manifest.mediaType,
  }
}

const NOT_FOUND: Failure = { code: 'ImageNotFound', reason: 'Requested image not found' }
const ARCHIVED: Failure = { code: 'ImageInaccessible', reason: 'Requested image is archived' }
const REFERENCED: Failure = {
  code: 'ImageReferencedByManifestList',
  reason: 'Requested image referenced by manifest list',
}

function batch(
  input: JsonObject,
  repository: Repository,
  member: string,
  perform: (id: ImageId, image: StoredImage) => JsonObject | Failure,
): JsonObject {
  const done: JsonObject[] = []
  const failures: JsonObject[] = []
  for (const value of objectsMember(input, 'imageIds') ?? []) {
    const id = imageIdOf(value)
    const found = findImage(repository, id)
    const result = 'failure' in found ? found.failure : perform(id, found.image)
    if (isFailure(result)) {
      const { code, reason } = result
      failures.push({ imageId: imageIdJson(id), failureCode: code, failureReason: reason })
    } else done.push(result)
  }
  return { [member]: done, failures }
}

function isFailure(result: JsonObject | Failure): result is Failure {
  return typeof result['code'] === 'string' && typeof result['reason'] === 'string'
}

function findImage(repository: Repository, { digest, tag }: ImageId): Found {
  if (digest === undefined && tag === undefined) {
    return failed(
      'MissingDigestAndTag',
      'Invalid request parameters: both tag and digest cannot be null',
    )
  }
  if (digest !== undefined && !isDigest(digest)) {
    return failed(
      'InvalidImageDigest',
      "Invalid request parameters: image digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'",
    )
  }
  const image = repository.find(digest ?? tag ?? '')
  if (image === undefined) return { failure: NOT_FOUND }
  if (tag !== undefined && repository.digestOfTag(tag) !== image.manifest.digest) {
    return failed('ImageTagDoesNotMatchDigest', 'The specified tag does not match the digest')
  }
  return { image }
}

function failed(code: string, reason: string): Found {
  return { failure: { code, reason } }
}

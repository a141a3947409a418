import { epochSeconds, textOf } from '../../wire/json.ts'
import { objectMember, objectsMember } from '../../wire/members.ts'
import type { JsonObject, Operation } from '../../wire/service.ts'
import { imageNotFound } from '../store/refusals.ts'
import type { Registry } from '../store/registry.ts'
import type { Repository, StoredImage } from '../store/repository.ts'
import { pageOf } from './page.ts'
import { imageIdJson, imageIdOf, targetRepository, type ImageId } from './target.ts'

/** Operations that tell which images a repository holds. */
export function imageOperations(registry: Registry): Readonly<Record<string, Operation>> {
  return {
    DescribeImages: (input) => {
      const repository = targetRepository(registry, input)
      const ids = objectsMember(input, 'imageIds')
      const found = ids?.map((id) => namedImage(registry, repository, imageIdOf(id)))
      const listed = filterByTag(input, repository)
      const { items, nextToken } = pageOf(found ?? listed, input)
      return {
        imageDetails: items.map((image) => imageDetail(registry, repository, image)),
        ...(nextToken !== undefined && { nextToken }),
      }
    },
    ListImages: (input) => {
      const repository = targetRepository(registry, input)
      const ids = filterByTag(input, repository).flatMap(({ manifest: { digest } }): ImageId[] => {
        const tags = repository.tagsOf(digest)
        return tags.length === 0 ? [{ digest }] : tags.map((tag) => ({ digest, tag }))
      })
      const { items, nextToken } = pageOf(ids, input)
      return {
        imageIds: items.map(imageIdJson),
        ...(nextToken !== undefined && { nextToken }),
      }
    },
  }
}

function namedImage(registry: Registry, repository: Repository, id: ImageId): StoredImage {
  const image = repository.find(id.digest ?? id.tag ?? '')
  const agrees = id.tag === undefined || repository.digestOfTag(id.tag) === image?.manifest.digest
  if (image === undefined || !agrees) throw imageNotFound(id, repository.name, registry.id)
  return image
}

function filterByTag(input: JsonObject, repository: Repository): readonly StoredImage[] {
  const status = textOf(objectMember(input, 'filter')?.['tagStatus']) ?? 'ANY'
  return repository.images.filter(({ manifest }) => {
    const tagged = repository.tagsOf(manifest.digest).length > 0
    return status === 'ANY' || tagged === (status === 'TAGGED')
  })
}

function imageDetail(
  registry: Registry,
  repository: Repository,
  { manifest, pushedAtMs, lastPulledAtMs }: StoredImage,
): JsonObject {
  const tags = repository.tagsOf(manifest.digest)
  const artifactMediaType = manifest.artifactType ?? manifest.config?.mediaType
  return {
    registryId: registry.id,
    repositoryName: repository.name,
    imageDigest: manifest.digest,
    ...(tags.length > 0 && { imageTags: [...tags] }),
    imageSizeInBytes: repository.sizeOf(manifest),
    imagePushedAt: epochSeconds(pushedAtMs),
    imageManifestMediaType: manifest.mediaType,
    ...(artifactMediaType !== undefined && { artifactMediaType }),
    ...(lastPulledAtMs !== undefined && { lastRecordedPullTime: epochSeconds(lastPulledAtMs) }),
    ...(manifest.subject !== undefined && { subjectManifestDigest: manifest.subject.digest }),
    imageStatus: 'ACTIVE',
  }
}

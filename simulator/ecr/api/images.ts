import { epochSeconds, textOf } from '../../wire/json.ts'
import { objectMember, objectsMember } from '../../wire/members.ts'
import type { JsonObject } from '../../wire/service.ts'
import type { Registry } from '../store/registry.ts'
import type { Repository, StoredImage } from '../store/repository.ts'
import { imageStatus } from '../store/image-status.ts'
import { pageOf } from './page.ts'
import { scanSummary } from './scanning.ts'
import { imageIdJson, imageIdOf, namedImage, targetRepository, type ImageId } from './target.ts'
import type { EcrOperations } from './operation.ts'

/** Operations that tell which images a repository holds. */
export const imageOperations: EcrOperations = {
  DescribeImages: (registry, input) => {
    const repository = targetRepository(registry, input)
    const ids = objectsMember(input, 'imageIds')
    const found = ids?.map((id) => namedImage(registry, repository, imageIdOf(id)))
    const listed = filtered(registry, input, repository)
    const { items, nextToken } = pageOf(found ?? listed, input)
    return {
      imageDetails: items.map((image) => imageDetail(registry, repository, image)),
      ...(nextToken !== undefined && { nextToken }),
    }
  },
  ListImages: (registry, input) => {
    const repository = targetRepository(registry, input)
    const ids = filtered(registry, input, repository).flatMap(
      ({ manifest: { digest } }): ImageId[] => {
        const tags = repository.tagsOf(digest)
        return tags.length === 0 ? [{ digest }] : tags.map((tag) => ({ digest, tag }))
      },
    )
    const { items, nextToken } = pageOf(ids, input)
    return {
      imageIds: items.map(imageIdJson),
      ...(nextToken !== undefined && { nextToken }),
    }
  },
}

function filtered(
  registry: Registry,
  input: JsonObject,
  repository: Repository,
): readonly StoredImage[] {
  const filter = objectMember(input, 'filter') ?? {}
  const tagStatus = textOf(filter['tagStatus']) ?? 'ANY'
  const wanted = textOf(filter['imageStatus']) ?? 'ACTIVE'
  return repository.images.filter((image) => {
    const tagged = repository.tagsOf(image.manifest.digest).length > 0
    const status = imageStatus(image, registry.clock.now())
    return (
      (tagStatus === 'ANY' || tagged === (tagStatus === 'TAGGED')) &&
      (wanted === 'ANY' || wanted === status)
    )
  })
}

function imageDetail(registry: Registry, repository: Repository, image: StoredImage): JsonObject {
  const { manifest, pushedAtMs, lastPulledAtMs, archivedAtMs, activeAtMs } = image
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
    ...scanSummary(registry, repository, image),
    imageStatus: imageStatus(image, registry.clock.now()),
    ...(archivedAtMs !== undefined && { lastArchivedAt: epochSeconds(archivedAtMs) }),
    ...(activeAtMs !== undefined && { lastActivatedAt: epochSeconds(activeAtMs) }),
  }
}

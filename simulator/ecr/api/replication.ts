import type { EcrOperations } from './operation.ts'
import { imageIdJson, named, targetImage, targetRepository } from './target.ts'

/** DescribeImageReplicationStatus: what a test says of an image; nothing replicates by itself. */
export const replicationOperations: EcrOperations = {
  DescribeImageReplicationStatus: (registry, input) => {
    const repository = targetRepository(registry, input)
    const image = targetImage(registry, repository, input)
    return {
      repositoryName: named(registry, repository)['repositoryName'] ?? '',
      imageId: imageIdJson({ digest: image.manifest.digest }),
      replicationStatuses: (image.replications ?? []).map((status) => ({ ...status })),
    }
  },
}

import { stringsMember } from '../../wire/members.ts'
import { ServiceError, type JsonObject } from '../../wire/service.ts'
import type { LayerDownloads } from '../layer-downloads.ts'
import { isDigest } from '../store/digest.ts'
import type { Registry } from '../store/registry.ts'
import type { Repository } from '../store/repository.ts'
import type { EcrOperations } from './operation.ts'
import { required, targetRepository } from './target.ts'

/** Operations on layers. */
export function layerOperations(downloads: LayerDownloads): EcrOperations {
  return {
    BatchCheckLayerAvailability: (registry, input) => {
      const repository = targetRepository(registry, input)
      const layers: JsonObject[] = []
      const failures: JsonObject[] = []
      for (const digest of stringsMember(input, 'layerDigests') ?? []) {
        if (isDigest(digest)) layers.push(layerJson(registry, repository, digest))
        else failures.push(invalidDigest(digest))
      }
      return { layers, failures }
    },
    GetDownloadUrlForLayer: (registry, input) => {
      const repository = targetRepository(registry, input)
      const layerDigest = required(input, 'layerDigest')
      if (!repository.blobs.has(layerDigest)) {
        throw new ServiceError(
          'LayersNotFoundException',
          `The layer with digest '${layerDigest}' does not exist in the repository with name ` +
            `'${repository.name}' in the registry with id '${registry.id}'`,
        )
      }
      const downloadUrl = downloads.issue(registry, repository.name, layerDigest)
      return { layerDigest, downloadUrl }
    },
  }
}

function layerJson(registry: Registry, repository: Repository, layerDigest: string): JsonObject {
  if (!repository.blobs.has(layerDigest)) {
    return { layerDigest, layerAvailability: 'UNAVAILABLE' }
  }
  const layerSize = registry.blobs.size(layerDigest) ?? 0
  return { layerDigest, layerAvailability: 'AVAILABLE', layerSize }
}

function invalidDigest(layerDigest: string): JsonObject {
  return {
    layerDigest,
    failureCode: 'InvalidLayerDigest',
    failureReason: `Invalid layer digest '${layerDigest}'`,
  }
}

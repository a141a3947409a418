import { MalformedManifest, parseManifest, type Manifest } from './manifest.ts'
import { isManifestType } from './media-types.ts'
import { invalidParameter, missingContent } from './refusals.ts'
import type { Repository } from './repository.ts'

/**
 * Reads a manifest that somebody wants to put and checks what ECR checks: its form, that an index
 * lists manifests (a build cache in the old form lists layers), and that its content is there.
 */
export function checkManifest(
  text: string,
  mediaType: string,
  repository: Repository,
  registryId: string,
): Manifest {
  const manifest = readManifest(text, mediaType)
  if (manifest.manifests.some((child) => !isManifestType(child.mediaType))) throw invalidManifest()
  const images = manifest.manifests.filter(({ digest }) => repository.find(digest) === undefined)
  if (images.length > 0) {
    throw missingContent('Images', digests(images), repository.name, registryId)
  }
  const blobs = manifest.config === undefined ? [] : [manifest.config, ...manifest.layers]
  const layers = blobs.filter(({ digest }) => !repository.blobs.has(digest))
  if (layers.length > 0) {
    throw missingContent('Layers', digests(layers), repository.name, registryId)
  }
  return manifest
}

/** What ECR says of a manifest that it cannot read, be it JSON or not. */
export function invalidManifest(): Error {
  return invalidParameter('ImageManifest', 'Invalid JSON syntax')
}

function readManifest(text: string, mediaType: string): Manifest {
  try {
    return parseManifest(text, mediaType)
  } catch (cause) {
    if (cause instanceof MalformedManifest) throw invalidManifest()
    throw cause
  }
}

function digests(descriptors: readonly { readonly digest: string }[]): readonly string[] {
  return [...new Set(descriptors.map(({ digest }) => digest))]
}

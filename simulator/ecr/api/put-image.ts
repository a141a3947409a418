import { stringMember } from '../../wire/members.ts'
import { ServiceError, type JsonObject } from '../../wire/service.ts'
import { checkManifest, invalidManifest } from '../store/check-manifest.ts'
import { MalformedManifest, statedMediaType, type Manifest } from '../store/manifest.ts'
import { DOCKER_LIST, DOCKER_MANIFEST } from '../store/media-types.ts'
import { imageAlreadyExists, invalidParameter, tagTaken } from '../store/refusals.ts'
import { isReference, type Registry } from '../store/registry.ts'
import type { Repository } from '../store/repository.ts'
import { imageJson } from './batch-images.ts'
import { required, targetRepository } from './target.ts'
import type { EcrOperations } from './operation.ts'

/** PutImage: stores a manifest or gives an image that is there another tag. */
export const putImageOperations: EcrOperations = {
  PutImage: async (registry, input) => {
    const repository = targetRepository(registry, input)
    const tag = stringMember(input, 'imageTag')
    const text = required(input, 'imageManifest')
    if (tag !== undefined && !isReference(tag)) {
      throw invalidParameter('imageTag', "must satisfy regular expression '[a-zA-Z0-9-_.]+'")
    }
    const manifest = checkManifest(text, mediaTypeOf(input, text), repository, registry.id)
    checkDigest(stringMember(input, 'imageDigest'), manifest)
    checkNews(registry, repository, manifest, tag)
    await registry.put(repository, manifest, tag)
    const image = { manifest, pushedAtMs: registry.clock.now() }
    return { image: imageJson(registry, repository, image, tag) }
  },
}

/** Only Docker's types may be left to the body; OCI's have to be said in the call. */
function mediaTypeOf(input: JsonObject, text: string): string {
  const given = stringMember(input, 'imageManifestMediaType')
  if (given !== undefined) return given
  try {
    const stated = statedMediaType(text)
    if (stated === DOCKER_MANIFEST || stated === DOCKER_LIST) return stated
  } catch (cause) {
    if (!(cause instanceof MalformedManifest)) throw cause
  }
  throw invalidManifest()
}

function checkDigest(given: string | undefined, { digest }: Manifest): void {
  if (given === undefined || given === digest) return
  throw new ServiceError(
    'ImageDigestDoesNotMatchException',
    'The specified image digest does not match the digest that Amazon ECR calculated for the image.',
  )
}

function checkNews(
  registry: Registry,
  repository: Repository,
  { digest }: Manifest,
  tag: string | undefined,
): void {
  const named = tag === undefined ? undefined : repository.digestOfTag(tag)
  if (tag !== undefined && named !== undefined && repository.isImmutable(tag)) {
    throw tagTaken(tag, repository.name)
  }
  const unchanged = tag === undefined ? repository.find(digest) !== undefined : named === digest
  if (unchanged) throw imageAlreadyExists(digest, tag, repository.name, registry.id)
}

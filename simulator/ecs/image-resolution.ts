import type { JsonObject } from '../wire/service.ts'
import { stringMember } from '../wire/members.ts'

import type { ImageResolver } from './image-resolver.ts'
import type { ResolvedImage } from './model/service-revision.ts'
import { containerDefinitions, platformOf } from './model/task-definition.ts'

const digestSuffix = /@(sha256:[0-9a-f]{64})$/

function wrongPlatform(platform: string): string {
  return `CannotPullContainerError: image Manifest does not contain descriptor matching platform '${platform}'`
}

async function resolveImage(
  containerName: string,
  image: string,
  platform: string,
  resolver: ImageResolver | undefined,
): Promise<ResolvedImage> {
  const pinned = digestSuffix.exec(image)?.[1]
  const known = { containerName, image, ...(pinned !== undefined && { digest: pinned }) }
  if (resolver === undefined) return known
  try {
    const { digest, platforms } = await resolver.resolve(image)
    if (!platforms.includes(platform)) return { ...known, failure: wrongPlatform(platform) }
    return { containerName, image, ...(digest !== undefined && { digest }) }
  } catch (error) {
    return { ...known, failure: error instanceof Error ? error.message : String(error) }
  }
}

/**
 * Settles what the containers of a definition run, once for all tasks of a revision (ECS calls
 * it version consistency). An image that cannot be pulled is a fact about its tasks, not an
 * error of the call that deploys it.
 */
export function resolveImages(
  definition: JsonObject,
  resolver: ImageResolver | undefined,
): Promise<ResolvedImage[]> {
  const platform = platformOf(definition)
  return Promise.all(
    containerDefinitions(definition).map((container) =>
      resolveImage(
        stringMember(container, 'name') ?? '',
        stringMember(container, 'image') ?? '',
        platform,
        resolver,
      ),
    ),
  )
}

/** `repository@sha256:…` where the digest is known, else the reference as written. */
export function pinnedReference({ image, digest }: ResolvedImage): string {
  if (digest === undefined) return image
  const name = image.replace(digestSuffix, '')
  const tag = name.lastIndexOf(':')
  return `${tag > name.lastIndexOf('/') ? name.slice(0, tag) : name}@${digest}`
}

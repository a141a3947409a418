import { ActionError } from '../../core/errors/action-error.ts'
import { shortDigest, type Digest } from '../../core/image/digest.ts'
import type { RegistryImage } from '../../core/image/content/registry-image.ts'
import { repositoryUri, type Repository } from '../../core/image/repository/repository.ts'
import type { Ecr } from '../../ports/ecr.ts'
import type { Ports } from '../../ports/ports.ts'
import { readImage } from '../aws/read-image.ts'
import { readOwnPlatform } from '../aws/read-own-platform.ts'

/**
 * Reads what a build leg pushed.
 * @throws ActionError `image-not-found`, `merge-refused`
 */
export async function readLeg(
  repository: Repository,
  digest: Digest,
  ecr: Ecr,
  ports: Pick<Ports, 'signal'>,
): Promise<RegistryImage> {
  const image = await readImage(ecr, repository, { digest })
  if (image === undefined) throw notThere(repository, digest)
  const leg = await readOwnPlatform(image, repository, ecr, ports)
  if (leg.platforms.length === 0) throw noPlatform(repository, digest)
  return leg
}

function notThere(repository: Repository, digest: Digest): ActionError {
  return new ActionError(
    'image-not-found',
    `"${repositoryUri(repository)}" has no ${shortDigest(digest)}, which \`digests\` names`,
    'Give `digests` the `digest` outputs of the build legs, which must push to the same repository; a lifecycle rule that deletes untagged images at once would take them away, too.',
  )
}

function noPlatform(repository: Repository, digest: Digest): ActionError {
  return new ActionError(
    'merge-refused',
    `"${repositoryUri(repository)}@${shortDigest(digest)}" is the image of no platform`,
    'Give `digests` the `digest` outputs of the steps with `mode: build`. Nothing was tagged.',
  )
}

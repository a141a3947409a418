import { platformOfConfig } from '../../core/image/content/config.ts'
import { isDigest, type Digest } from '../../core/image/digest.ts'
import { asPlatform, type RegistryImage } from '../../core/image/content/registry-image.ts'
import { isPublic, type Repository } from '../../core/image/repository/repository.ts'
import { objectAt, parseJsonObject, stringAt } from '../../core/json.ts'
import type { Ecr } from '../../ports/ecr.ts'
import type { Ports } from '../../ports/ports.ts'
import { askEcr, keyOf, placeOf } from './ask-ecr.ts'

const configLimitBytes = 1024 * 1024

/**
 * Tells of a lone manifest, as a build of one platform without attestations gives, for which
 * platform it is: only its config says so. Everything else is given back as it is, and so is what
 * lies in ECR Public, whose API gives no blobs.
 * @throws ActionError `access-denied`, …
 */
export async function readOwnPlatform(
  image: RegistryImage,
  repository: Repository,
  ecr: Ecr,
  { signal }: Pick<Ports, 'signal'>,
): Promise<RegistryImage> {
  const blob = image.platforms.length > 0 ? undefined : configOf(image.manifest)
  if (blob === undefined || isPublic(repository.registry)) return image
  const config = await askEcr(placeOf(repository), () =>
    ecr.readBlob(keyOf(repository), blob, configLimitBytes, signal),
  )
  const platform = platformOfConfig(Buffer.from(config).toString('utf8'))
  return platform === undefined ? image : asPlatform(image, platform)
}

function configOf(manifest: string): Digest | undefined {
  const digest = stringAt(objectAt(parseJsonObject(manifest) ?? {}, 'config'), 'digest')
  return digest !== undefined && isDigest(digest) ? digest : undefined
}

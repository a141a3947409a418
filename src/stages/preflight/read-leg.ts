import { ActionError } from '../../core/errors/action-error.ts'
import { platformOfConfig } from '../../core/image/content/config.ts'
import { isDigest, shortDigest, type Digest } from '../../core/image/digest.ts'
import { parseManifest } from '../../core/image/content/manifest.ts'
import type { RegistryImage } from '../../core/image/content/registry-image.ts'
import { repositoryUri, type Repository } from '../../core/image/repository/repository.ts'
import { isJsonObject, objectAt, stringAt } from '../../core/json.ts'
import type { Ecr } from '../../ports/ecr.ts'
import type { Ports } from '../../ports/ports.ts'
import { askEcr, keyOf, placeOf } from '../aws/ask-ecr.ts'
import { readImage } from '../aws/read-image.ts'

const configLimitBytes = 1024 * 1024

/**
 * Reads what a build leg pushed. A lone manifest, as a build without attestations gives, says only
 * in its config for which platform it is.
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
  if (image.platforms.length > 0) return image
  const parsed = parseManifest(image.manifest)
  if (parsed?.kind !== 'manifest') throw noPlatform(repository, digest)
  const config = await askEcr(placeOf(repository), () =>
    ecr.readBlob(
      keyOf(repository),
      configOf(image.manifest, digest),
      configLimitBytes,
      ports.signal,
    ),
  )
  const platform = platformOfConfig(Buffer.from(config).toString('utf8'))
  if (platform === undefined) throw noPlatform(repository, digest)
  const { sizeBytes, annotations } = parsed
  return { ...image, platforms: [{ platform, digest, sizeBytes, annotations }] }
}

function configOf(manifest: string, digest: Digest): Digest {
  const parsed: unknown = JSON.parse(manifest)
  const config = isJsonObject(parsed) ? stringAt(objectAt(parsed, 'config'), 'digest') : undefined
  return config !== undefined && isDigest(config) ? config : digest
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

import { ActionError } from '../../core/errors/action-error.ts'
import { shortDigest, type Digest } from '../../core/image/digest.ts'
import type { PushedImage } from '../../core/image/image.ts'
import { parseManifest, type ImageIndex } from '../../core/image/content/manifest.ts'
import type { RegistryImage, RegistryPlatform } from '../../core/image/content/registry-image.ts'
import { repositoryUri, type Repository } from '../../core/image/repository/repository.ts'
import type { StoredManifest } from '../../core/image/content/stored-manifest.ts'
import type { Ecr } from '../../ports/ecr.ts'
import { askEcr, keyOf, placeOf } from './ask-ecr.ts'

/**
 * Reads an image whole: the index and the manifest of each platform.
 * @returns undefined where the repository has no such image.
 */
export async function readImage(
  ecr: Ecr,
  repository: Repository,
  name: { readonly tag: string } | { readonly digest: Digest },
): Promise<RegistryImage | undefined> {
  return await askEcr(placeOf(repository), async () => {
    const stored = await ecr.readManifest(keyOf(repository), name)
    return stored === undefined ? undefined : await complete(ecr, repository, stored)
  })
}

/**
 * The bytes of an image that was there a moment ago; tags are put on these and no others.
 * @throws ActionError `image-not-found`
 */
export async function readStored(
  ecr: Ecr,
  { repository, digest }: Pick<PushedImage, 'repository' | 'digest'>,
): Promise<StoredManifest> {
  const stored = await askEcr(placeOf(repository), () =>
    ecr.readManifest(keyOf(repository), { digest }),
  )
  if (stored !== undefined) return stored
  throw new ActionError(
    'image-not-found',
    `"${repositoryUri(repository)}" has lost ${shortDigest(digest)} before all its tags were put on`,
    'Find out what deletes images there (a lifecycle rule, another job) and run the job again; nothing was deployed.',
  )
}

async function complete(
  ecr: Ecr,
  repository: Repository,
  stored: StoredManifest,
): Promise<RegistryImage> {
  const parsed = parseManifest(stored.manifest)
  const annotations = parsed?.annotations ?? {}
  if (parsed?.kind !== 'index') return { ...stored, platforms: [], missing: [], annotations }
  const children = await Promise.all(
    parsed.children.map(async (child) => ({
      child,
      read: await readPlatform(ecr, repository, child),
    })),
  )
  return {
    ...stored,
    annotations,
    platforms: children.flatMap(({ read }) => read ?? []),
    missing: children.flatMap(({ child, read }) => (read === undefined ? child.platform : [])),
  }
}

async function readPlatform(
  ecr: Ecr,
  repository: Repository,
  child: ImageIndex['children'][number],
): Promise<RegistryPlatform | undefined> {
  const stored = await ecr.readManifest(keyOf(repository), { digest: child.digest })
  const manifest = stored === undefined ? undefined : parseManifest(stored.manifest)
  if (manifest?.kind !== 'manifest') return undefined
  return { ...child, sizeBytes: manifest.sizeBytes, annotations: manifest.annotations }
}

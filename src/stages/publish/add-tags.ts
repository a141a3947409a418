import { shortDigest } from '../../core/image/digest.ts'
import type { PushedImage } from '../../core/image/image.ts'
import { repositoryUri } from '../../core/image/repository/repository.ts'
import type { Ecr } from '../../ports/ecr.ts'
import type { Ports } from '../../ports/ports.ts'
import { keyOf, placeOf, writeEcr } from '../aws/ask-ecr.ts'
import { readStored } from '../aws/read-image.ts'

/**
 * Puts those of `wanted` on an image that do not name it yet: on the server, on the very bytes
 * that were read back.
 * @param tell Hears of each tag as soon as it is written.
 * @returns The image with the tags that name it now.
 * @throws ActionError, or the signal's reason: nothing is written after it.
 */
export async function addTags(
  wanted: readonly string[],
  image: PushedImage,
  ecr: Ecr,
  { report, signal }: Pick<Ports, 'report' | 'signal'>,
  tell: (image: PushedImage, written: readonly string[]) => void,
): Promise<PushedImage> {
  const missing = wanted.filter((tag) => !image.tags.includes(tag))
  if (missing.length === 0) return image
  const { repository, digest } = image
  return await report.phase('tag', `Tag ${shortDigest(digest)}`, async () => {
    const stored = await readStored(ecr, image)
    signal.throwIfAborted()
    report.begin()
    let tagged = image
    for (const tag of missing) {
      await writeEcr(placeOf(repository, tag), signal, () =>
        ecr.tagImage(keyOf(repository), stored, tag, signal),
      )
      report.line(`tagged ${repositoryUri(repository)}:${tag}`)
      tagged = { ...tagged, tags: [...tagged.tags, tag] }
      tell(tagged, [tag])
    }
    return tagged
  })
}

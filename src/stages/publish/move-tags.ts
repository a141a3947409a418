import { ActionError } from '../../core/errors/action-error.ts'
import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { deniedAction } from '../../core/faults/denied-statement.ts'
import { shortDigest } from '../../core/image/digest.ts'
import type { PushedImage } from '../../core/image/image.ts'
import { highestVersion, isBackwards } from '../../core/image/naming/moving-tags.ts'
import type { RegistryImage } from '../../core/image/content/registry-image.ts'
import { repositoryUri } from '../../core/image/repository/repository.ts'
import type { ImagePlan } from '../../core/plan/image/image-plan.ts'
import type { StoredManifest } from '../../core/image/content/stored-manifest.ts'
import type { Ecr } from '../../ports/ecr.ts'
import type { Ports } from '../../ports/ports.ts'
import { askEcr, keyOf, placeOf, writeEcr } from '../aws/ask-ecr.ts'
import { readImage, readStored } from '../aws/read-image.ts'

/**
 * Puts the moving tags on an image, one after the other and on the server. Each is first compared
 * with what it names at that moment: to an older version it does not go, and that is said.
 * @param tell Hears of each tag as soon as it names the image; `written` are those that were moved.
 * @returns The image with the tags that name it now.
 * @throws ActionError, or the signal's reason: nothing is written after it.
 */
export async function moveTags(
  plan: ImagePlan,
  image: PushedImage,
  ecr: Ecr,
  ports: Pick<Ports, 'report' | 'signal'>,
  tell: (image: PushedImage, written: readonly string[]) => void,
): Promise<PushedImage> {
  if (plan.movingTags.length === 0) return image
  return await ports.report.phase('tag', `Move tags to ${shortDigest(image.digest)}`, async () => {
    const stored = await readStored(ecr, image)
    let moved = image
    for (const tag of plan.movingTags) {
      const fate = await moveTag(tag, stored, plan, ecr, ports)
      if (fate === 'kept') continue
      moved = { ...moved, tags: [...moved.tags, tag] }
      tell(moved, fate === 'moved' ? [tag] : [])
    }
    return moved
  })
}

/** `there`: it named the image already; `kept`: it names another one. */
type TagFate = 'moved' | 'there' | 'kept'

async function moveTag(
  tag: string,
  stored: StoredManifest,
  plan: ImagePlan,
  ecr: Ecr,
  { report, signal }: Pick<Ports, 'report' | 'signal'>,
): Promise<TagFate> {
  const { repository } = plan
  const where = `${repositoryUri(repository)}:${tag}`
  const current = await readImage(ecr, repository, { tag })
  if (current?.digest === stored.digest) return 'there'
  const obstacle = current && (await obstacleToMove(plan, current, ecr))
  if (obstacle !== undefined) {
    report.warning(`kept ${where}: ${obstacle}`)
    return 'kept'
  }
  signal.throwIfAborted()
  report.begin()
  await writeEcr(placeOf(repository, tag), signal, () =>
    ecr.tagImage(keyOf(repository), stored, tag, signal),
  )
  const from = current === undefined ? '' : ` (was ${shortDigest(current.digest)})`
  report.line(`moved ${where} to ${shortDigest(stored.digest)}${from}`)
  return 'moved'
}

/** Why a tag stays with the image that it names. A run without a version moves all it is told to. */
async function obstacleToMove(
  plan: ImagePlan,
  current: RegistryImage,
  ecr: Ecr,
): Promise<string | undefined> {
  const { repository, version, versionScheme } = plan
  if (versionScheme === undefined) return undefined
  const older = (highest: string | undefined): string | undefined =>
    isBackwards(version, highest, versionScheme)
      ? `it names ${highest ?? ''}, newer than ${version}`
      : undefined
  const byItself = older(highestVersion(current, [], plan))
  if (byItself !== undefined) return byItself
  try {
    const tags = await askEcr(placeOf(repository), () =>
      ecr.tagsOf(keyOf(repository), current.digest),
    )
    return older(highestVersion(current, tags, plan))
  } catch (error) {
    if (!(error instanceof ActionError && error.code === 'access-denied')) throw error
    const action = error.cause instanceof AwsFailure ? deniedAction(error.cause) : 'to list tags'
    return `without the permission ${action} it is not known whether its image is newer`
  }
}

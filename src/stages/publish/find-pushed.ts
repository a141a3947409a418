import { ActionError } from '../../core/errors/action-error.ts'
import { shortDigest, type Digest } from '../../core/image/digest.ts'
import { tellsObstacles } from '../../core/image/annotations.ts'
import { factsOfImage, type RegistryImage } from '../../core/image/content/registry-image.ts'
import { repositoryUri } from '../../core/image/repository/repository.ts'
import { missingPlatforms } from '../../core/image/content/verify.ts'
import type { ImagePlan } from '../../core/plan/image/image-plan.ts'
import type { Ecr } from '../../ports/ecr.ts'
import type { Ports } from '../../ports/ports.ts'
import { readImage } from '../aws/read-image.ts'
import { readOwnPlatform } from '../aws/read-own-platform.ts'

/**
 * Looks whether a push that is told to have failed arrived all the same: an answer that is lost
 * after the index was taken looks like a failure, and provenance makes every further build another
 * digest, which an immutable tag would refuse.
 * @param told What looks as if it had failed.
 * @returns its digest, where our tag names an image of our commit, fingerprint and platforms that
 * was not there before, and that says of itself what ours does, be it that these prove nothing.
 */
export async function findPushed(
  plan: ImagePlan,
  ecr: Ecr,
  ports: Pick<Ports, 'report' | 'signal'>,
  told = 'the answer to the push was lost',
): Promise<Digest | undefined> {
  const [tag] = plan.identityTags
  if (tag === undefined) return undefined
  const image = await look(plan, tag, ecr, ports)
  if (image === undefined || image.digest === plan.replaces) return undefined
  const { commit, fingerprint } = factsOfImage(image)
  const proven =
    commit === plan.commit &&
    fingerprint === plan.fingerprint &&
    missingPlatforms(image, plan.platforms).length === 0 &&
    image.platforms.every(({ annotations }) => tellsObstacles(annotations, plan.obstacles))
  if (!proven) return undefined
  ports.report.warning(
    `${told}, but ${repositoryUri(plan.repository)}:${tag} is there: ${shortDigest(image.digest)}, of this commit and these inputs`,
  )
  // Of several there is no digest of the run.
  if (plan.kind !== 'bake') ports.report.record({ digest: image.digest })
  return image.digest
}

/** A look that fails shows nothing; the failure of the push is what is told. */
async function look(
  { repository }: ImagePlan,
  tag: string,
  ecr: Ecr,
  ports: Pick<Ports, 'report' | 'signal'>,
): Promise<RegistryImage | undefined> {
  try {
    const image = await readImage(ecr, repository, { tag })
    return image && (await readOwnPlatform(image, repository, ecr, ports))
  } catch (error) {
    if (!(error instanceof ActionError)) throw error
    ports.report.detail(`whether the push arrived is not known: ${error.message}`)
    return undefined
  }
}

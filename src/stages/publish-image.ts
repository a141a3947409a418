import { ActionError } from '../core/errors/action-error.ts'
import { shortDigest, type Digest } from '../core/image/digest.ts'
import type { PushedImage } from '../core/image/image.ts'
import { toPushedImage } from '../core/image/registry-image.ts'
import { repositoryUri } from '../core/image/repository.ts'
import { verifyPushed } from '../core/image/verify.ts'
import type { ImagePlan } from '../core/plan/image-plan.ts'
import type { AwsSession } from '../ports/aws.ts'
import type { Ecr } from '../ports/ecr.ts'
import type { Ports } from '../ports/ports.ts'
import { askEcr, keyOf, placeOf } from './ask-ecr.ts'
import { buildImage } from './build-image.ts'
import { logIn } from './log-in.ts'
import { moveTags } from './move-tags.ts'
import { prepareBuilder } from './prepare-builder.ts'
import { readImage, readStored } from './read-image.ts'

/**
 * Sees to it that the planned image is in the registry under all its tags: built, pushed and read
 * back, or found there already. Moving tags come last, when nothing can go wrong with it any more.
 * @throws ActionError
 */
export async function publishImage(
  plan: ImagePlan,
  session: AwsSession,
  ports: Ports,
): Promise<PushedImage> {
  const ecr = session.ecr(plan.repository.registry.region)
  const image = plan.existing ?? (await buildAndRead(plan, ecr, ports))
  ports.report.record({ image })
  const tagged = await addTags(plan, image, ecr, ports)
  ports.report.record({ image: tagged })
  return await moveTags(plan, tagged, ecr, ports)
}

async function buildAndRead(plan: ImagePlan, ecr: Ecr, ports: Ports): Promise<PushedImage> {
  const { report } = ports
  const docker = await ports.dockerCredentials.open()
  try {
    const { host } = plan.repository.registry
    await report.phase('login', `Log in to ${host}`, () =>
      logIn(plan.repository, ecr, docker, ports),
    )
    const builder = await report.phase('builder', 'Prepare the builder', () =>
      prepareBuilder(plan, docker, ports),
    )
    const title = `Build ${plan.build.platforms.join(' and ')} and push`
    const digest = await report.phase('build', title, () =>
      buildImage(plan, builder, docker, ecr, ports),
    )
    return await report.phase('verify', 'Read back what was pushed', () =>
      readBack(plan, digest, ecr, ports),
    )
  } finally {
    await docker.dispose()
  }
}

/** What the registry has is what counts, not what buildx says. */
async function readBack(
  plan: ImagePlan,
  digest: Digest,
  ecr: Ecr,
  ports: Ports,
): Promise<PushedImage> {
  const { repository, version, commit } = plan
  const [tag] = plan.identityTags
  const where = `${repositoryUri(repository)}:${tag}`
  const [image, named] = await Promise.all([
    readImage(ecr, repository, { digest }),
    askEcr(placeOf(repository, tag), () => ecr.readManifest(keyOf(repository), { tag })),
  ])
  if (image === undefined) throw notThere(where, digest)
  verifyPushed(image, { digest, platforms: plan.build.platforms }, where)
  const ours = named?.digest === digest
  if (!ours) {
    const names = named === undefined ? 'nothing' : shortDigest(named.digest)
    ports.report.warning(
      `somebody moved tag "${tag}" after the push: it names ${names}; ${shortDigest(digest)}, which was built, goes on`,
    )
  }
  ports.report.line(`pushed ${where}@${digest}`)
  return toPushedImage(image, {
    repository,
    version,
    commit,
    reused: false,
    tags: ours ? [tag] : [],
  })
}

function notThere(where: string, digest: Digest): ActionError {
  return new ActionError(
    'digest-mismatch',
    `"${where}": the registry has no ${shortDigest(digest)}, which buildx says it pushed`,
    'Check that the builder pushes to ECR itself and not to a mirror; nothing was deployed.',
  )
}

/** The other names are put on the server, on the very bytes that were read back. */
async function addTags(
  plan: ImagePlan,
  image: PushedImage,
  ecr: Ecr,
  ports: Ports,
): Promise<PushedImage> {
  const [, ...others] = plan.identityTags
  // A tag that the build pushed and somebody moved is not taken back.
  const wanted = image.reused ? plan.identityTags : others
  const missing = wanted.filter((tag) => !image.tags.includes(tag))
  if (missing.length === 0) return image
  const { repository, digest } = image
  await ports.report.phase('tag', `Tag ${shortDigest(digest)}`, async () => {
    const stored = await readStored(ecr, image)
    ports.report.begin()
    for (const tag of missing) {
      await askEcr(placeOf(repository, tag), () => ecr.tagImage(keyOf(repository), stored, tag))
      ports.report.line(`tagged ${repositoryUri(repository)}:${tag}`)
    }
  })
  return { ...image, tags: [...image.tags, ...missing] }
}

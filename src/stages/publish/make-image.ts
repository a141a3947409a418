import { cacheHosts } from '../../core/buildx/cache/cache-hosts.ts'
import { ActionError } from '../../core/errors/action-error.ts'
import { shortDigest, type Digest } from '../../core/image/digest.ts'
import type { PushedImage } from '../../core/image/image.ts'
import { asPlatform, toPushedImage } from '../../core/image/content/registry-image.ts'
import { repositoryUri } from '../../core/image/repository/repository.ts'
import { verifyPushed } from '../../core/image/content/verify.ts'
import { isAttested } from '../../core/inputs/build/attestations.ts'
import type {
  BuiltImagePlan,
  ImagePlan,
  MergedImagePlan,
} from '../../core/plan/image/image-plan.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ecr } from '../../ports/ecr.ts'
import type { Ports } from '../../ports/ports.ts'
import { askEcr, keyOf, placeOf, writeEcr } from '../aws/ask-ecr.ts'
import type { Baked } from './bake-images.ts'
import { buildImage } from './build-image.ts'
import type { DockerSession } from './docker-session.ts'
import { checkLoad } from '../builder/check-load.ts'
import { prepareBuilder } from '../builder/prepare-builder.ts'
import { readImage } from '../aws/read-image.ts'
import type { Stock } from './stock.ts'

/** What this run put into the registry, by the word of who made it. */
export interface Made {
  readonly digest: Digest
  /** Undefined where nothing was built. */
  readonly builder: string | undefined
}

/**
 * Builds or joins an image, and pushes it.
 * @param baked What bake pushed already, together with others; it has told `stock` of it.
 * @param stock Is told as soon as something is pushed.
 * @throws ActionError
 */
export async function makeImage(
  plan: ImagePlan,
  { baked, stock }: { readonly baked: Baked | undefined; readonly stock: Pick<Stock, 'pushed'> },
  docker: DockerSession,
  session: AwsSession,
  ports: Ports,
): Promise<Made> {
  switch (plan.kind) {
    case 'build':
      return await build(plan, stock, docker, session, ports)
    case 'merge': {
      const ecr = session.ecr(plan.repository.registry)
      const digest = await putIndex(plan, ecr, ports)
      stock.pushed(plan, digest)
      return { digest, builder: undefined }
    }
    case 'bake': {
      const digest = baked?.digests.get(plan.target)
      if (digest === undefined) throw new TypeError(`target ${plan.target} was not baked`)
      return { digest, builder: baked?.builder }
    }
  }
}

async function build(
  plan: BuiltImagePlan,
  stock: Pick<Stock, 'pushed'>,
  docker: DockerSession,
  session: AwsSession,
  ports: Ports,
): Promise<Made> {
  const { report } = ports
  const push = {
    byDigest: plan.identityTags.length === 0,
    attested: isAttested(plan.build.settings.attestations),
  }
  const configuration = await docker.logIn([
    plan.repository.registry,
    ...cacheHosts(plan),
    ...plan.pullHosts,
  ])
  const builder = await report.phase('builder', 'Prepare the builder', async () => {
    await checkLoad(plan.build, configuration, ports)
    return await prepareBuilder({ ...plan, push }, configuration, ports)
  })
  const title = `Build ${plan.platforms.join(' and ')} and push`
  const digest = await report.phase('build', title, () =>
    buildImage(plan, { builder, stock }, docker, session, ports),
  )
  return { digest, builder: builder.name }
}

/** A joined image needs no docker: its parts are in the repository, and so is the index at once. */
async function putIndex(
  plan: MergedImagePlan,
  ecr: Ecr,
  { report, signal }: Pick<Ports, 'report' | 'signal'>,
): Promise<Digest> {
  const { repository, index } = plan
  const [tag] = plan.identityTags
  signal.throwIfAborted()
  report.begin()
  return await report.phase('merge', `Join ${plan.platforms.join(' and ')}`, () =>
    writeEcr(placeOf(repository, tag), signal, () =>
      ecr.tagImage(keyOf(repository), index, tag, signal),
    ),
  )
}

/** What the registry has is what counts, not what buildx says. @throws ActionError */
export async function readBack(
  plan: ImagePlan,
  digest: Digest,
  ecr: Ecr,
  ports: Pick<Ports, 'report'>,
): Promise<PushedImage> {
  return await ports.report.phase('verify', 'Read back what was pushed', () =>
    findBack(plan, digest, ecr, ports),
  )
}

async function findBack(
  plan: ImagePlan,
  digest: Digest,
  ecr: Ecr,
  ports: Pick<Ports, 'report'>,
): Promise<PushedImage> {
  const { repository, version, commit } = plan
  const [tag] = plan.identityTags
  const where = `${repositoryUri(repository)}${tag === undefined ? '' : `:${tag}`}`
  const [read, named] = await Promise.all([
    readImage(ecr, repository, { digest }),
    tag === undefined
      ? undefined
      : askEcr(placeOf(repository, tag), () => ecr.readManifest(keyOf(repository), { tag })),
  ])
  if (read === undefined) throw notThere(where, digest)
  // What was built for one platform is for that, if these are its bytes.
  const [platform, ...others] = plan.platforms
  const image = platform && others.length === 0 ? asPlatform(read, platform) : read
  verifyPushed(image, { digest, platforms: plan.platforms }, where)
  const ours = named?.digest === digest
  if (tag !== undefined && !ours) {
    const fate =
      named === undefined
        ? 'was removed after the push'
        : `was moved after the push and now points to ${shortDigest(named.digest)}`
    ports.report.warning(
      `tag "${tag}" ${fate}; this run continues with ${shortDigest(digest)}, the image it built`,
    )
  }
  ports.report.line(`pushed ${where}@${digest}`)
  return toPushedImage(image, {
    ...{ repository, version, commit },
    reused: false,
    ...(plan.kind === 'merge' && { joined: true }),
    tags: ours && tag !== undefined ? [tag] : [],
  })
}

function notThere(where: string, digest: Digest): ActionError {
  return new ActionError(
    'digest-mismatch',
    `"${where}": the registry has no ${shortDigest(digest)}, which buildx says it pushed`,
    'Check that the builder pushes to ECR itself and not to a mirror; nothing was deployed.',
  )
}

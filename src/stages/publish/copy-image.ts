import { backOffMs } from '../../core/back-off.ts'
import { explainCopy, lacksPreferIndex } from '../../core/buildx/failure/copy-failure.ts'
import { isLoginLost, isTransient } from '../../core/buildx/failure/transient.ts'
import { ActionError } from '../../core/errors/action-error.ts'
import { shortDigest } from '../../core/image/digest.ts'
import { imageUri, isLone, type PushedImage } from '../../core/image/image.ts'
import { asPlatform, toPushedImage } from '../../core/image/content/registry-image.ts'
import { repositoryUri, type Repository } from '../../core/image/repository/repository.ts'
import { verifyPushed } from '../../core/image/content/verify.ts'
import type { CopyPlan, ImagePlan } from '../../core/plan/image/image-plan.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import type { ProcessResult } from '../../ports/processes.ts'
import type { DockerSession } from './docker-session.ts'
import { readImage } from '../aws/read-image.ts'
import { lastWordsOf, wordsOf } from '../builder/run-docker.ts'

/** How often a copy is tried; what was copied is not copied again. */
const attempts = 3

/**
 * Copies an image that passed its gates into a further repository, byte by byte, and reads it back
 * from there. It gets no tag yet.
 * @throws ActionError `copy-failed`, `access-denied`, `digest-mismatch`, `image-incomplete`, …
 */
export async function copyImage(
  plan: Pick<ImagePlan, 'platforms'>,
  { repository, existing }: CopyPlan,
  source: PushedImage,
  docker: DockerSession,
  session: AwsSession,
  ports: Ports,
): Promise<PushedImage> {
  if (existing !== undefined) return existing
  const uri = repositoryUri(repository)
  await docker.logIn([source.repository.registry, repository.registry])
  return await ports.report.phase(
    'copy',
    `Copy ${shortDigest(source.digest)} to ${uri}`,
    async () => {
      ports.report.begin()
      await transfer(source, repository, docker, ports)
      const copied = await readBack(plan, source, repository, session)
      ports.report.line(`copied to ${imageUri(copied)}`)
      return copied
    },
  )
}

/**
 * By digest on both sides: a name that is pushed by digest gets no tag, whatever the release of
 * buildx (docker/buildx, util/imagetools/create.go; containerd, remotes/docker/pusher.go).
 */
async function transfer(
  source: PushedImage,
  repository: Repository,
  docker: DockerSession,
  ports: Ports,
): Promise<void> {
  const registries = [source.repository.registry, repository.registry]
  let unwrapped = isLone(source)
  let renewed = false
  for (let attempt = 1; ; attempt += 1) {
    const result = await create(copyArguments(source, repository, unwrapped), docker, ports)
    if (result.exitCode === 0) return
    const words = wordsOf(result)
    if (unwrapped && lacksPreferIndex(words)) {
      unwrapped = false
      continue
    }
    const expired = registries.some((registry) => docker.isExpired(registry))
    // As with a build, a login is renewed once: one that ECR goes on refusing is no lost one.
    const lost: boolean = !renewed && (isLoginLost(words) || expired)
    const error = explainCopy(words, lastWordsOf(result), repositoryUri(repository))
    if (attempt >= attempts || !(lost || isTransient(words))) throw error
    ports.report.warning(`${error.message}; trying again`)
    if (lost) await docker.renew(registries)
    else await ports.clock.sleep(backOffMs(attempt, ports.clock.chance()), ports.signal)
    renewed ||= lost
  }
}

/**
 * A lone manifest would be wrapped in an index. Before 0.15 buildx knows no better: it is copied under
 * its own digest all the same, with an untagged index beside it (measured with 0.13.1).
 */
function copyArguments(
  source: PushedImage,
  repository: Repository,
  unwrapped: boolean,
): readonly string[] {
  const { digest } = source
  return [
    ...['buildx', 'imagetools', 'create', `--tag=${imageUri({ repository, digest })}`],
    ...(unwrapped ? ['--prefer-index=false'] : []),
    imageUri(source),
  ]
}

async function create(
  argv: readonly string[],
  docker: DockerSession,
  ports: Ports,
): Promise<ProcessResult> {
  const { environment } = await docker.configuration()
  ports.report.untrusted(`docker ${argv.join(' ')}`)
  const onLine = (line: string): void => ports.report.untrusted(line)
  return await ports.processes.run(
    { command: 'docker', arguments: argv, environment, onLine },
    ports.signal,
  )
}

/** What the target has is what counts. */
async function readBack(
  { platforms }: Pick<ImagePlan, 'platforms'>,
  source: PushedImage,
  repository: Repository,
  session: AwsSession,
): Promise<PushedImage> {
  const { digest, version, commit } = source
  const where = repositoryUri(repository)
  const read = await readImage(session.ecr(repository.registry), repository, { digest })
  if (read === undefined) {
    throw new ActionError(
      'digest-mismatch',
      `"${where}" has no ${shortDigest(digest)} after it was copied there`,
      'Check that docker reaches ECR itself and not a mirror; nothing was deployed.',
    )
  }
  const [only] = source.platforms
  const image = only !== undefined && isLone(source) ? asPlatform(read, only.platform) : read
  verifyPushed(image, { digest, platforms: source.platforms.length === 0 ? [] : platforms }, where)
  return toPushedImage(image, { repository, tags: [], version, commit, reused: false })
}

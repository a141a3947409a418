import { explainCopy, lacksPreferIndex } from '../../core/buildx/failure/copy-failure.ts'
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
import { repeatDocker, type GoEnd } from './repeat-docker.ts'

/**
 * Copies an image that passed its gates into a further repository, byte by byte, and reads it back
 * from there. It gets no tag yet.
 * @throws ActionError `copy-failed`, `access-denied`, `digest-mismatch`, `image-incomplete`, …
 */
export async function copyImage(
  plan: Pick<ImagePlan, 'platforms' | 'retries'>,
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
      await transfer(plan.retries, source, repository, docker, ports)
      const copied = await readBack(plan, source, repository, session)
      ports.report.line(`copied to ${imageUri(copied)}`)
      return copied
    },
  )
}

/**
 * By digest on both sides: a name that is pushed by digest gets no tag, whatever the release of
 * buildx (docker/buildx, util/imagetools/create.go; containerd, remotes/docker/pusher.go). What was
 * copied is not copied again.
 */
async function transfer(
  retries: number,
  source: PushedImage,
  repository: Repository,
  docker: DockerSession,
  ports: Ports,
): Promise<void> {
  const registries = [source.repository.registry, repository.registry]
  let unwrapped = isLone(source)
  const copy = async (): Promise<GoEnd<undefined>> => {
    const result = await create(copyArguments(source, repository, unwrapped), docker, ports)
    if (result.exitCode === 0) return { kind: 'built', built: undefined }
    const words = wordsOf(result)
    if (unwrapped && lacksPreferIndex(words)) {
      unwrapped = false
      return await copy()
    }
    const error = explainCopy(words, lastWordsOf(result), repositoryUri(repository))
    const expired = registries.some((registry) => docker.isExpired(registry))
    return { kind: 'failed', failed: { kind: 'copy', error, words, expired } }
  }
  await repeatDocker(retries, copy, docker, ports)
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

import { buildArguments } from '../core/buildx/argv.ts'
import { classifyBuildFailure } from '../core/buildx/failure.ts'
import { parseBuildMetadata } from '../core/buildx/metadata.ts'
import { explainPush, type PushFailure, type PushFindings } from '../core/buildx/push-failure.ts'
import { AwsFailure } from '../core/errors/aws-failure.ts'
import type { ActionError } from '../core/errors/action-error.ts'
import { explainEcr } from '../core/faults/ecr.ts'
import type { Digest } from '../core/image/digest.ts'
import { repositoryUri } from '../core/image/repository.ts'
import { isImmutable } from '../core/image/tag-mutability.ts'
import type { ImagePlan } from '../core/plan/image-plan.ts'
import type { DockerConfiguration } from '../ports/docker-credentials.ts'
import type { Ecr } from '../ports/ecr.ts'
import type { Ports } from '../ports/ports.ts'
import { keyOf, placeOf } from './ask-ecr.ts'
import { prepareSecrets } from './prepare-secrets.ts'

const metadataLimitBytes = 16 * 1024 * 1024

/**
 * Builds and pushes under the first identity tag, in one go of buildx.
 * @returns the digest that buildx says it pushed.
 * @throws ActionError with the failing step's last lines, or with ECR's own reason for a refused push.
 */
export async function buildImage(
  plan: ImagePlan,
  builder: string,
  docker: DockerConfiguration,
  ecr: Ecr,
  ports: Ports,
): Promise<Digest> {
  const [tag] = plan.identityTags
  const metadataFile = await ports.files.writeTemporary('build-metadata.json', '')
  const { sources, keptVariables } = await prepareSecrets(plan.build.settings, docker, ports)
  const reference = `${repositoryUri(plan.repository)}:${tag}`
  const argv = buildArguments(plan.build, { builder, reference, metadataFile }, sources)
  ports.report.begin()
  ports.report.untrusted(`docker ${argv.map(quoted).join(' ')}`)
  const result = await ports.processes.run(
    {
      command: 'docker',
      arguments: argv,
      environment: docker.environment,
      keptVariables,
      workingDirectory: ports.context.workspace,
      onLine: (line) => ports.report.untrusted(line),
    },
    ports.signal,
  )
  if (result.exitCode !== 0) throw await explainFailure(plan, builder, result.stderrTail, ecr)
  const metadata = await ports.files.readText(metadataFile, metadataLimitBytes)
  ports.report.record({ metadata })
  const digest = parseBuildMetadata(metadata)
  ports.report.record({ digest })
  return digest
}

/** For people who copy the line into a shell; nothing of ours reads it. */
function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`
}

async function explainFailure(
  plan: ImagePlan,
  builder: string,
  lines: readonly string[],
  ecr: Ecr,
): Promise<ActionError> {
  const failure = classifyBuildFailure(lines, { builder, dockerfile: plan.build.dockerfile })
  return failure.kind === 'build'
    ? failure.error
    : await explainRefusedPush(plan, failure.push, ecr)
}

/** BuildKit tells a status at best; the API tells whether the repository is there and the tag free. */
async function explainRefusedPush(
  plan: ImagePlan,
  push: PushFailure,
  ecr: Ecr,
): Promise<ActionError> {
  const [tag] = plan.identityTags
  const { repository } = plan
  const place = {
    repositoryUri: repositoryUri(repository),
    region: repository.registry.region,
    tag,
  }
  try {
    return explainPush(push, await findOut(plan, ecr), place)
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error
    // Whoever has no credentials any more cannot push either; other failures tell nothing of the push.
    return error.credentialsGone
      ? explainEcr(error, placeOf(repository, tag))
      : explainPush(push, undefined, place)
  }
}

async function findOut({ repository, identityTags }: ImagePlan, ecr: Ecr): Promise<PushFindings> {
  const [tag] = identityTags
  const key = keyOf(repository)
  const description = await ecr.describeRepository(key.name, key.accountId)
  if (description === undefined) {
    return { repositoryExists: false, tagIsTaken: false, tagIsImmutable: false }
  }
  const named = await ecr.readManifest(key, { tag })
  return {
    repositoryExists: true,
    tagIsTaken: named !== undefined,
    tagIsImmutable: isImmutable(tag, description),
  }
}

import {
  BatchCheckLayerAvailabilityCommand,
  BatchGetImageCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  paginateDescribeImages,
  PutImageCommand,
  type ImageDetail,
} from '@aws-sdk/client-ecr'
import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { TagTaken } from '../../core/errors/tag-taken.ts'
import { parseDigest, type Digest } from '../../core/image/digest.ts'
import { manifestMediaTypes } from '../../core/image/content/manifest.ts'
import type { StoredManifest } from '../../core/image/content/stored-manifest.ts'
import type { Ecr, RepositoryKey } from '../../ports/ecr.ts'
import { emptyAnswer, undefinedFor } from './ecr-answers.ts'
import { createEcrBlobs } from './ecr-blobs.ts'
import { createEcrRepositories } from './ecr-repositories.ts'
import { createEcrScan } from './ecr-scan.ts'
import { callAws, readAws } from './failure.ts'
import { clientConfiguration, type AwsClientSettings } from './settings.ts'

/**
 * ECR in one region. Calls are repeated (a tag that is put twice is put once), but for
 * CreateRepository and StartImageScan. The SDK sends nothing again after the signal that a write is
 * given.
 */
export function createEcr(settings: AwsClientSettings): Ecr {
  const client = new ECRClient(clientConfiguration(settings, 4))
  const readManifest = manifestReader(client)
  return {
    ...createEcrScan(client, settings),
    ...createEcrBlobs(client),
    ...createEcrRepositories(client, settings),
    authorizationToken: () => authorizationToken(client),
    describeRepository: (name, accountId) => describeRepository(client, name, accountId),
    readManifest,
    tagImage: tagger(client, readManifest),
    hasLayer: (repository, digest) => hasLayer(client, repository, digest),
    tagsOf: (repository, digest) => tagsOf(client, repository, digest),
    newestTags: (repository, count) => newestTags(client, repository, count),
  }
}

async function authorizationToken(client: ECRClient): ReturnType<Ecr['authorizationToken']> {
  const answer = await readAws('ECR', 'GetAuthorizationToken', () =>
    client.send(new GetAuthorizationTokenCommand({})),
  )
  const [data] = answer.authorizationData ?? []
  const text = Buffer.from(data?.authorizationToken ?? '', 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 1 || data?.expiresAt === undefined) {
    throw emptyAnswer('ECR', 'GetAuthorizationToken', 'the answer holds no token')
  }
  return {
    username: text.slice(0, colon),
    password: text.slice(colon + 1),
    expiresAt: data.expiresAt,
  }
}

async function describeRepository(
  client: ECRClient,
  name: string,
  accountId: string | undefined,
): ReturnType<Ecr['describeRepository']> {
  const input = { repositoryNames: [name], registryId: accountId }
  const answer = await readAws('ECR', 'DescribeRepositories', () =>
    client.send(new DescribeRepositoriesCommand(input)),
  ).catch(undefinedFor('RepositoryNotFoundException'))
  if (answer === undefined) return undefined
  const [found] = answer.repositories ?? []
  if (found?.repositoryUri === undefined || found.registryId === undefined) {
    throw emptyAnswer('ECR', 'DescribeRepositories', `the answer does not describe "${name}"`)
  }
  const filters = found.imageTagMutabilityExclusionFilters ?? []
  return {
    name,
    accountId: found.registryId,
    uri: found.repositoryUri,
    tagMutability: found.imageTagMutability ?? 'MUTABLE',
    exclusionFilters: filters.flatMap(({ filter }) => filter ?? []),
  }
}

function manifestReader(client: ECRClient): Ecr['readManifest'] {
  return async (repository, image) => {
    const answer = await readAws('ECR', 'BatchGetImage', () =>
      client.send(
        new BatchGetImageCommand({
          registryId: repository.accountId,
          repositoryName: repository.name,
          imageIds: ['tag' in image ? { imageTag: image.tag } : { imageDigest: image.digest }],
          acceptedMediaTypes: [...manifestMediaTypes],
        }),
      ),
    ).catch(undefinedFor('ImageNotFoundException'))
    const [found] = answer?.images ?? []
    if (found === undefined) {
      const [failure] = answer?.failures ?? []
      if (failure === undefined || failure.failureCode === 'ImageNotFound') return undefined
      throw emptyAnswer(
        'ECR',
        'BatchGetImage',
        `${failure.failureCode ?? ''}: ${failure.failureReason ?? ''}`,
      )
    }
    const { imageId, imageManifest, imageManifestMediaType } = found
    if (imageId?.imageDigest === undefined || imageManifest === undefined) {
      throw emptyAnswer('ECR', 'BatchGetImage', 'the answer holds no manifest')
    }
    return {
      digest: parseDigest(imageId.imageDigest),
      mediaType: imageManifestMediaType ?? '',
      manifest: imageManifest,
    }
  }
}

function tagger(client: ECRClient, readManifest: Ecr['readManifest']): Ecr['tagImage'] {
  return async (repository, image, tag, abortSignal) => {
    const command = putImage(repository, image, tag)
    try {
      await callAws('ECR', 'PutImage', () => client.send(command, { abortSignal }))
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error
      // ECR answers the second even where the immutable tag names this very image (containers-roadmap#2179).
      if (error.code !== 'ImageAlreadyExistsException') {
        if (error.code !== 'ImageTagAlreadyExistsException') throw error
        const named = tag === undefined ? undefined : await readManifest(repository, { tag })
        if (named === undefined) throw error
        if (named.digest !== image.digest) throw new TagTaken(error, named.digest)
      }
    }
    return image.digest
  }
}

function putImage(
  repository: RepositoryKey,
  image: StoredManifest,
  tag: string | undefined,
): PutImageCommand {
  return new PutImageCommand({
    registryId: repository.accountId,
    repositoryName: repository.name,
    imageManifest: image.manifest,
    // Without it ECR refuses OCI types as "Invalid JSON syntax" (containers-roadmap#1873).
    imageManifestMediaType: image.mediaType,
    imageDigest: image.digest,
    imageTag: tag,
  })
}

async function hasLayer(
  client: ECRClient,
  { accountId, name }: RepositoryKey,
  digest: Digest,
): Promise<boolean> {
  const input = { registryId: accountId, repositoryName: name, layerDigests: [digest] }
  const answer = await readAws('ECR', 'BatchCheckLayerAvailability', () =>
    client.send(new BatchCheckLayerAvailabilityCommand(input)),
  )
  return answer.layers?.[0]?.layerAvailability === 'AVAILABLE'
}

async function tagsOf(
  client: ECRClient,
  { accountId, name }: RepositoryKey,
  digest: Digest,
): Promise<readonly string[]> {
  const imageIds = [{ imageDigest: digest }]
  const input = { registryId: accountId, repositoryName: name, imageIds }
  const answer = await readAws('ECR', 'DescribeImages', () =>
    client.send(new DescribeImagesCommand(input)),
  ).catch(undefinedFor('ImageNotFoundException'))
  return answer?.imageDetails?.flatMap((image) => image.imageTags ?? []) ?? []
}

async function newestTags(
  client: ECRClient,
  repository: RepositoryKey,
  count: number,
): Promise<readonly string[]> {
  const images = await readAws('ECR', 'DescribeImages', async () => {
    const found: ImageDetail[] = []
    const pages = paginateDescribeImages(
      { client, pageSize: 1000 },
      {
        registryId: repository.accountId,
        repositoryName: repository.name,
        filter: { tagStatus: 'TAGGED' },
      },
    )
    for await (const page of pages) found.push(...(page.imageDetails ?? []))
    return found
  })
  const pushedMs = (image: ImageDetail): number => image.imagePushedAt?.getTime() ?? 0
  const newestFirst = images.sort((a, b) => pushedMs(b) - pushedMs(a))
  return newestFirst.flatMap((image) => image.imageTags ?? []).slice(0, count)
}

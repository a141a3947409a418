import {
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRPUBLICClient,
  GetAuthorizationTokenCommand,
  paginateDescribeImages,
  type ImageDetail,
} from '@aws-sdk/client-ecr-public'

import type { Digest } from '../../core/image/digest.ts'
import type { Ecr } from '../../ports/ecr.ts'
import { emptyAnswer, undefinedFor } from './ecr-answers.ts'
import { readAws } from './failure.ts'
import { clientConfiguration, type AwsClientSettings } from './settings.ts'

/** What is asked of ECR Public's own API; its images are read and named by the registry's protocol. */
export type EcrPublicApi = Pick<
  Ecr,
  'authorizationToken' | 'describeRepository' | 'tagsOf' | 'newestTags'
>

const service = 'ECR Public'
/** The only region that has this API (ECR Public user guide, endpoints). */
const region = 'us-east-1'

/** @returns The API with the caller's own registry; names of repositories begin with its alias. */
export function createEcrPublicApi(settings: AwsClientSettings): EcrPublicApi {
  const client = new ECRPUBLICClient(clientConfiguration({ ...settings, region }, 4))
  return {
    authorizationToken: () => authorizationToken(client),
    describeRepository: (name) => describeRepository(client, name),
    tagsOf: ({ name }, digest) => tagsOf(client, name, digest),
    newestTags: ({ name }, count) => newestTags(client, name, count),
  }
}

async function authorizationToken(client: ECRPUBLICClient): ReturnType<Ecr['authorizationToken']> {
  const { authorizationData: data } = await readAws(service, 'GetAuthorizationToken', () =>
    client.send(new GetAuthorizationTokenCommand({})),
  )
  const text = Buffer.from(data?.authorizationToken ?? '', 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 1 || data?.expiresAt === undefined) {
    throw emptyAnswer(service, 'GetAuthorizationToken', 'the answer holds no token')
  }
  const [username, password] = [text.slice(0, colon), text.slice(colon + 1)]
  return { username, password, expiresAt: data.expiresAt }
}

/** The API knows repositories by their name behind the alias, and only the caller's. */
async function describeRepository(
  client: ECRPUBLICClient,
  name: string,
): ReturnType<Ecr['describeRepository']> {
  const input = { repositoryNames: [behindAlias(name)] }
  const answer = await readAws(service, 'DescribeRepositories', () =>
    client.send(new DescribeRepositoriesCommand(input)),
  ).catch(undefinedFor('RepositoryNotFoundException'))
  const [found] = answer?.repositories ?? []
  const uri = found?.repositoryUri
  if (uri?.endsWith(`/${name}`) !== true) return undefined
  // There are neither accounts in names nor fixed tags in ECR Public.
  return { name, accountId: '', uri, tagMutability: 'MUTABLE', exclusionFilters: [] }
}

async function tagsOf(
  client: ECRPUBLICClient,
  name: string,
  imageDigest: Digest,
): Promise<readonly string[]> {
  const input = { repositoryName: behindAlias(name), imageIds: [{ imageDigest }] }
  const answer = await readAws(service, 'DescribeImages', () =>
    client.send(new DescribeImagesCommand(input)),
  ).catch(undefinedFor('ImageNotFoundException'))
  return answer?.imageDetails?.flatMap(({ imageTags }) => imageTags ?? []) ?? []
}

async function newestTags(
  client: ECRPUBLICClient,
  name: string,
  count: number,
): Promise<readonly string[]> {
  const images = await readAws(service, 'DescribeImages', async () => {
    const found: ImageDetail[] = []
    const input = { repositoryName: behindAlias(name) }
    const pages = paginateDescribeImages({ client, pageSize: 1000 }, input)
    for await (const page of pages) found.push(...(page.imageDetails ?? []))
    return found
  })
  const pushedMs = (image: ImageDetail): number => image.imagePushedAt?.getTime() ?? 0
  const newestFirst = images.toSorted((a, b) => pushedMs(b) - pushedMs(a))
  return newestFirst.flatMap(({ imageTags }) => imageTags ?? []).slice(0, count)
}

function behindAlias(name: string): string {
  return name.slice(name.indexOf('/') + 1)
}

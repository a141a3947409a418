import {
  CreateRepositoryCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  paginateDescribeRepositoryCreationTemplates,
  PutLifecyclePolicyCommand,
  SetRepositoryPolicyCommand,
  type ImageTagMutability,
  type ImageTagMutabilityExclusionFilter,
  type RepositoryCreationTemplate,
} from '@aws-sdk/client-ecr'

import type { TagMutability } from '../../core/image/repository/tag-mutability.ts'
import type { EcrRepositories } from '../../ports/ecr-repositories.ts'
import type { RepositoryKey } from '../../ports/ecr.ts'
import { emptyAnswer, undefinedFor } from './ecr-answers.ts'
import { callAws, readAws } from './failure.ts'
import { clientConfiguration, type AwsClientSettings } from './settings.ts'

/** Repositories as ECR's API makes them. */
export function createEcrRepositories(
  client: ECRClient,
  settings: AwsClientSettings,
): EcrRepositories {
  const maker = new ECRClient(clientConfiguration(settings, 1))
  return {
    registryHosts: (accountIds) => registryHosts(client, accountIds),
    pushTemplates: () => pushTemplates(client),
    createRepository: creator(maker),
    madeRepository: (repository) => madeRepository(client, repository),
    async putLifecyclePolicy({ name, accountId }, policy, abortSignal) {
      const input = { registryId: accountId, repositoryName: name, lifecyclePolicyText: policy }
      await callAws('ECR', 'PutLifecyclePolicy', () =>
        client.send(new PutLifecyclePolicyCommand(input), { abortSignal }),
      )
    },
    async setRepositoryPolicy({ name, accountId }, policy, abortSignal) {
      const input = { registryId: accountId, repositoryName: name, policyText: policy }
      await callAws('ECR', 'SetRepositoryPolicy', () =>
        client.send(new SetRepositoryPolicyCommand(input), { abortSignal }),
      )
    },
  }
}

/**
 * The answer tells the host of the caller's own registry; those of other accounts in the region differ
 * from it by the account alone. The field that asks for theirs is deprecated. The token is not used.
 */
async function registryHosts(
  client: ECRClient,
  accountIds: readonly string[],
): Promise<readonly string[]> {
  const answer = await readAws('ECR', 'GetAuthorizationToken', () =>
    client.send(new GetAuthorizationTokenCommand({})),
  )
  const endpoint = answer.authorizationData?.[0]?.proxyEndpoint
  if (endpoint === undefined) {
    throw emptyAnswer('ECR', 'GetAuthorizationToken', 'the answer does not tell the host')
  }
  const own = endpoint.replace(/^https?:\/\//, '')
  return accountIds.map((accountId) => own.replace(/^\d{12}(?=\.)/, accountId))
}

async function pushTemplates(client: ECRClient): ReturnType<EcrRepositories['pushTemplates']> {
  const templates = await readAws('ECR', 'DescribeRepositoryCreationTemplates', async () => {
    const found: RepositoryCreationTemplate[] = []
    const pages = paginateDescribeRepositoryCreationTemplates({ client }, {})
    for await (const page of pages) found.push(...(page.repositoryCreationTemplates ?? []))
    return found
  })
  return templates.flatMap((template) => {
    const { prefix, appliedFor, imageTagMutability, imageTagMutabilityExclusionFilters } = template
    if (prefix === undefined || appliedFor?.includes('CREATE_ON_PUSH') !== true) return []
    const mutability = toMutability(imageTagMutability, imageTagMutabilityExclusionFilters)
    return [{ prefix, mutability }]
  })
}

function creator(client: ECRClient): EcrRepositories['createRepository'] {
  return async ({ name, accountId }, mutability, settings, abortSignal) => {
    const { scanOnPush, encryption, tags } = settings
    const { type, kmsKey } = encryption
    const command = new CreateRepositoryCommand({
      registryId: accountId,
      repositoryName: name,
      ...mutabilityMembers(mutability),
      imageScanningConfiguration: { scanOnPush },
      encryptionConfiguration: { encryptionType: type, kmsKey },
      tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    })
    const { repository } = await callAws('ECR', 'CreateRepository', () =>
      client.send(command, { abortSignal }),
    )
    if (repository === undefined) {
      throw emptyAnswer('ECR', 'CreateRepository', 'the answer holds no repository')
    }
  }
}

async function madeRepository(
  client: ECRClient,
  { name, accountId }: RepositoryKey,
): ReturnType<EcrRepositories['madeRepository']> {
  const command = new DescribeRepositoriesCommand({
    registryId: accountId,
    repositoryNames: [name],
  })
  const answer = await readAws('ECR', 'DescribeRepositories', () => client.send(command)).catch(
    undefinedFor('RepositoryNotFoundException'),
  )
  if (answer === undefined) return undefined
  const [found] = answer.repositories ?? []
  if (found === undefined) {
    throw emptyAnswer('ECR', 'DescribeRepositories', `the answer does not describe "${name}"`)
  }
  const { imageTagMutability, imageTagMutabilityExclusionFilters } = found
  return {
    createdAt: found.createdAt,
    mutability: toMutability(imageTagMutability, imageTagMutabilityExclusionFilters),
    scanOnPush: found.imageScanningConfiguration?.scanOnPush ?? false,
    encryptionType: found.encryptionConfiguration?.encryptionType ?? 'AES256',
  }
}

function toMutability(
  tagMutability: ImageTagMutability = 'MUTABLE',
  filters: readonly ImageTagMutabilityExclusionFilter[] = [],
): TagMutability {
  return { tagMutability, exclusionFilters: filters.flatMap(({ filter }) => filter ?? []) }
}

function mutabilityMembers({ tagMutability, exclusionFilters }: TagMutability) {
  const known: readonly ImageTagMutability[] = [
    ...(['MUTABLE', 'MUTABLE_WITH_EXCLUSION'] as const),
    ...(['IMMUTABLE', 'IMMUTABLE_WITH_EXCLUSION'] as const),
  ]
  const filters = exclusionFilters.map((filter) => ({ filterType: 'WILDCARD' as const, filter }))
  return {
    imageTagMutability: known.find((each) => each === tagMutability),
    ...(filters.length > 0 && { imageTagMutabilityExclusionFilters: filters }),
  }
}

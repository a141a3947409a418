import { request as httpRequest } from 'node:http'

import {
  CreateRepositoryCommand,
  DeleteLifecyclePolicyCommand,
  DeleteRepositoryCommand,
  DeleteRepositoryPolicyCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetLifecyclePolicyCommand,
  GetRepositoryPolicyCommand,
  ListTagsForResourceCommand,
  PutImageScanningConfigurationCommand,
  PutImageTagMutabilityCommand,
  PutLifecyclePolicyCommand,
  SetRepositoryPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
  type PutImageTagMutabilityCommandInput,
} from '@aws-sdk/client-ecr'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { clientOptions, refusal } from '../account.ts'
import { openEcrAccount, type EcrAccount } from './account.ts'
import { imageOf } from './image.ts'

const repositoryName = 'shop/api'
const resourceArn = 'arn:aws:ecr:us-east-1:123456789012:repository/shop/api'
const OF_REGISTRY = "'shop/api' in the registry with id '123456789012'"

let account: EcrAccount
beforeEach(async () => {
  account = await openEcrAccount()
})
afterEach(() => account.simulator.close())

describe('DeleteRepository', () => {
  it('ECR-22 refuses a repository with images unless forced', async () => {
    await account.docker.push(repositoryName, imageOf('linux/amd64'))
    expect(
      await refusal(account.ecr.send(new DeleteRepositoryCommand({ repositoryName }))),
    ).toEqual({
      name: 'RepositoryNotEmptyException',
      text:
        "The repository with name 'shop/api' in registry with id '123456789012' cannot be " +
        'deleted because it still contains images',
    })
    const forced = new DeleteRepositoryCommand({ repositoryName, force: true })
    expect((await account.ecr.send(forced)).repository).toMatchObject({ repositoryName })
    expect(await refusal(account.ecr.send(forced))).toMatchObject({
      name: 'RepositoryNotFoundException',
    })
  })
})

describe('PutImageTagMutability', () => {
  function put(input: Omit<PutImageTagMutabilityCommandInput, 'repositoryName'>) {
    return account.ecr.send(new PutImageTagMutabilityCommand({ repositoryName, ...input }))
  }

  it('ECR-23 holds for the next push', async () => {
    await account.docker.push(repositoryName, imageOf('linux/amd64'), 'v1')
    const imageTagMutabilityExclusionFilters = [
      { filterType: 'WILDCARD' as const, filter: 'latest*' },
    ]
    const answer = await put({
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters,
    })
    expect(answer).toMatchObject({
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters,
    })
    const other = imageOf('linux/amd64', 'other')
    expect((await account.docker.push(repositoryName, other, 'v1')).status).toBe(400)
    expect((await account.docker.push(repositoryName, other, 'latest-1')).status).toBe(201)
  })

  const filter = (text: string) => ({ filterType: 'WILDCARD' as const, filter: text })
  it.each<[string, Omit<PutImageTagMutabilityCommandInput, 'repositoryName'>]>([
    ['an unknown value', { imageTagMutability: 'FROZEN' as 'IMMUTABLE' }],
    [
      'filters without exclusion',
      {
        imageTagMutability: 'IMMUTABLE',
        imageTagMutabilityExclusionFilters: [filter('latest')],
      },
    ],
    ['exclusion without filters', { imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION' }],
    [
      'more than five filters',
      {
        imageTagMutability: 'MUTABLE_WITH_EXCLUSION',
        imageTagMutabilityExclusionFilters: ['a', 'b', 'c', 'd', 'e', 'f'].map(filter),
      },
    ],
    [
      'a filter that is no pattern of tags',
      {
        imageTagMutability: 'MUTABLE_WITH_EXCLUSION',
        imageTagMutabilityExclusionFilters: [filter('a b')],
      },
    ],
  ])('ECR-23 refuses %s', async (_what, input) => {
    expect(await refusal(put(input))).toMatchObject({ name: 'InvalidParameterException' })
  })
})

describe('lifecycle policies', () => {
  const rule = {
    rulePriority: 1,
    selection: {
      tagStatus: 'untagged',
      countType: 'sinceImagePushed',
      countUnit: 'days',
      countNumber: 14,
    },
    action: { type: 'expire' },
  }
  function put(policy: unknown) {
    const lifecyclePolicyText = typeof policy === 'string' ? policy : JSON.stringify(policy)
    return account.ecr.send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText }))
  }

  it('ECR-24 are kept as they came, and told until they are deleted', async () => {
    const text = JSON.stringify({ rules: [rule] })
    await put(text)
    const get = new GetLifecyclePolicyCommand({ repositoryName })
    expect((await account.ecr.send(get)).lifecyclePolicyText).toBe(text)
    await account.ecr.send(new DeleteLifecyclePolicyCommand({ repositoryName }))
    expect(await refusal(account.ecr.send(get))).toEqual({
      name: 'LifecyclePolicyNotFoundException',
      text: `Lifecycle policy does not exist for the repository with name ${OF_REGISTRY}`,
    })
  })

  it.each<[string, unknown, string]>([
    ['no JSON', '{', 'Could not map policyString into LifecyclePolicy.'],
    ['no rules', { rules: [] }, 'Could not map policyString into LifecyclePolicy.'],
    ['a priority twice', { rules: [rule, rule] }, 'Rule priorities must be unique'],
    [
      'tagged without tags',
      { rules: [{ ...rule, selection: { ...rule.selection, tagStatus: 'tagged' } }] },
      'Must specify tagPrefixList or tagPatternList when tagStatus=TAGGED.',
    ],
  ])('ECR-24 with %s are refused', async (_what, policy, reason) => {
    expect(await refusal(put(policy))).toEqual({
      name: 'InvalidParameterException',
      text:
        "Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: " +
        `'Lifecycle policy validation failure: ${reason}'`,
    })
  })
})

describe('repository policies', () => {
  it('ECR-25 are kept as they came, and told until they are deleted', async () => {
    const policyText = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: '210987654321' }, Action: 'ecr:*' }],
    })
    await account.ecr.send(new SetRepositoryPolicyCommand({ repositoryName, policyText }))
    const get = new GetRepositoryPolicyCommand({ repositoryName })
    expect((await account.ecr.send(get)).policyText).toBe(policyText)
    await account.ecr.send(new DeleteRepositoryPolicyCommand({ repositoryName }))
    expect(await refusal(account.ecr.send(get))).toEqual({
      name: 'RepositoryPolicyNotFoundException',
      text: `Repository policy does not exist for the repository with name ${OF_REGISTRY}`,
    })
  })

  it('ECR-25 that cannot be read are refused', async () => {
    const policyText = JSON.stringify({ Statement: [{ Effect: 'Allow', Action: 'ecr:*' }] })
    const command = new SetRepositoryPolicyCommand({ repositoryName, policyText })
    expect(await refusal(account.ecr.send(command))).toEqual({
      name: 'InvalidParameterException',
      text:
        "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid repository " +
        "policy provided'",
    })
  })
})

describe('tags of a repository', () => {
  async function tags() {
    const answer = await account.ecr.send(new ListTagsForResourceCommand({ resourceArn }))
    return answer.tags
  }

  it('ECR-26 are added, replaced and removed by key', async () => {
    const team = { Key: 'team', Value: 'shop' }
    await account.ecr.send(new TagResourceCommand({ resourceArn, tags: [team] }))
    const news = [
      { Key: 'team', Value: 'web' },
      { Key: 'cost', Value: '' },
    ]
    await account.ecr.send(new TagResourceCommand({ resourceArn, tags: news }))
    expect(await tags()).toEqual(news)
    await account.ecr.send(new UntagResourceCommand({ resourceArn, tagKeys: ['team'] }))
    expect(await tags()).toEqual([{ Key: 'cost', Value: '' }])
  })

  it('ECR-26 are refused with AWS’s prefix, and beyond fifty', async () => {
    const reserved = new TagResourceCommand({ resourceArn, tags: [{ Key: 'aws:x', Value: '' }] })
    expect(await refusal(account.ecr.send(reserved))).toMatchObject({
      name: 'InvalidTagParameterException',
    })
    const many = Array.from({ length: 51 }, (_, index) => ({ Key: `k${String(index)}`, Value: '' }))
    const command = new TagResourceCommand({ resourceArn, tags: many })
    expect(await refusal(account.ecr.send(command))).toMatchObject({ name: 'TooManyTagsException' })
  })

  it('ECR-26 that CreateRepository gives are the repository’s', async () => {
    const created = new CreateRepositoryCommand({
      repositoryName: 'shop/new',
      tags: [{ Key: 'team', Value: 'shop' }],
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: { encryptionType: 'KMS', kmsKey: 'alias/shop' },
    })
    const { repository } = await account.ecr.send(created)
    expect(repository).toMatchObject({
      encryptionConfiguration: { encryptionType: 'KMS', kmsKey: 'alias/shop' },
      imageScanningConfiguration: { scanOnPush: true },
    })
    const list = new ListTagsForResourceCommand({ resourceArn: repository?.repositoryArn })
    expect((await account.ecr.send(list)).tags).toEqual([{ Key: 'team', Value: 'shop' }])
  })
})

describe('other registries', () => {
  it('ECR-27 of another account are named by registryId, each with repositories of its own', async () => {
    const other = account.simulator.ecr.open({ accountId: '210987654321' })
    other.create('shop/api', {
      repositoryPolicy: JSON.stringify({
        Statement: { Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 'ecr:*' },
      }),
    })
    const command = new DescribeRepositoriesCommand({ registryId: '210987654321' })
    expect(await refusal(account.ecr.send(command))).toMatchObject({
      name: 'AccessDeniedException',
    })
    const named = { registryId: '210987654321', repositoryNames: ['shop/api'] }
    const answer = await account.ecr.send(new DescribeRepositoriesCommand(named))
    expect(answer.repositories).toMatchObject([
      {
        registryId: '210987654321',
        repositoryUri: '210987654321.dkr.ecr.us-east-1.amazonaws.com/shop/api',
      },
    ])
  })

  it('ECR-27 a push goes to the registry that its host names', async () => {
    const other = account.simulator.ecr.open({ region: 'eu-central-1' })
    other.create('shop/api')
    const status = await new Promise((resolve, reject) => {
      const { password } = account.simulator.ecr.tokens.issue(account.administrator.accessKeyId)
      const request = httpRequest(
        new URL('/v2/shop/api/blobs/uploads/', account.simulator.url),
        { method: 'POST', auth: `AWS:${password}`, headers: { host: other.host } },
        (response) => {
          response.resume()
          resolve(response.statusCode)
        },
      )
      request.on('error', reject).end()
    })
    expect(status).toBe(202)
    const [last] = account.simulator.requests.list('registry').slice(-1)
    expect(last).toMatchObject({ operation: 'InitiateLayerUpload', status: 202 })
    account.simulator.ecr.registry.remove('shop/api')
    const image = imageOf('linux/amd64')
    expect((await account.docker.pushBlob('shop/api', image.blobs[0] ?? Buffer.of())).status).toBe(
      404,
    )
  })

  it('ECR-27 another region answers once it is opened', async () => {
    const client = new ECRClient({
      ...clientOptions(account.simulator, account.administrator),
      region: 'eu-central-1',
    })
    const command = new DescribeRepositoriesCommand({})
    expect(await refusal(client.send(command))).toMatchObject({ name: 'InvalidSignatureException' })
    account.simulator.iam.furtherRegions.add('eu-central-1')
    account.simulator.ecr.open({ region: 'eu-central-1' }).create('shop/eu')
    expect((await client.send(command)).repositories).toMatchObject([
      { repositoryArn: 'arn:aws:ecr:eu-central-1:123456789012:repository/shop/eu' },
    ])
  })

  it('ECR-27 a registryId has twelve digits', async () => {
    const command = new DescribeRepositoriesCommand({ registryId: 'mine' })
    expect(await refusal(account.ecr.send(command))).toMatchObject({
      name: 'InvalidParameterException',
    })
  })
})

describe('PutImageScanningConfiguration', () => {
  it('ECR-28 turns the scan on push on', async () => {
    const imageScanningConfiguration = { scanOnPush: true }
    const command = { repositoryName, imageScanningConfiguration }
    await account.ecr.send(new PutImageScanningConfigurationCommand(command))
    const { repositories } = await account.ecr.send(new DescribeRepositoriesCommand({}))
    expect(repositories).toMatchObject([{ imageScanningConfiguration }])
  })
})

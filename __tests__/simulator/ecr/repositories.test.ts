import {
  CreateRepositoryCommand,
  DescribeRepositoriesCommand,
  DescribeRepositoryCreationTemplatesCommand,
  GetAuthorizationTokenCommand,
} from '@aws-sdk/client-ecr'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { refusal } from '../account.ts'
import { openEcrAccount, type EcrAccount } from './account.ts'

let account: EcrAccount
beforeEach(async () => {
  account = await openEcrAccount()
})
afterEach(() => account.simulator.close())

const HOST = '123456789012.dkr.ecr.us-east-1.amazonaws.com'

describe('GetAuthorizationToken', () => {
  it('ECR-1 gives a password for the user AWS, for 12 hours', async () => {
    const answer = await account.ecr.send(new GetAuthorizationTokenCommand({}))
    const [data] = answer.authorizationData ?? []
    const decoded = Buffer.from(data?.authorizationToken ?? '', 'base64').toString()
    expect(decoded).toMatch(/^AWS:.{64,}$/)
    expect(data).toMatchObject({
      expiresAt: new Date('2026-01-01T12:00:00Z'),
      proxyEndpoint: `https://${HOST}`,
    })
  })

  it('ECR-1 tells the registries that are asked for, as old clients do', async () => {
    const { simulator, administrator } = account
    const { accessKeyId, principal } = administrator
    const caller = { accessKeyId, region: 'us-east-1', ...principal }
    const operation = simulator.ecr.operations['GetAuthorizationToken']
    const input = { registryIds: ['111111111111', '222222222222'] }
    expect(await operation?.(input, { caller, requestId: 'test' })).toMatchObject({
      authorizationData: [
        { proxyEndpoint: 'https://111111111111.dkr.ecr.us-east-1.amazonaws.com' },
        { proxyEndpoint: 'https://222222222222.dkr.ecr.us-east-1.amazonaws.com' },
      ],
    })
  })

  it('ECR-1 can be told to send clients to the loopback listener', async () => {
    const other = await openEcrAccount({ registry: { proxyEndpoint: 'loopback' } })
    const answer = await other.ecr.send(new GetAuthorizationTokenCommand({}))
    await other.simulator.close()
    expect(answer.authorizationData?.[0]?.proxyEndpoint).toBe(other.simulator.url)
  })
})

describe('repositories', () => {
  it('ECR-2 are created with their settings and described again', async () => {
    const created = await account.ecr.send(
      new CreateRepositoryCommand({
        repositoryName: 'shop/web',
        imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
        imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'latest*' }],
        imageScanningConfiguration: { scanOnPush: true },
      }),
    )
    expect(created.repository).toEqual({
      repositoryArn: 'arn:aws:ecr:us-east-1:123456789012:repository/shop/web',
      registryId: '123456789012',
      repositoryName: 'shop/web',
      repositoryUri: `${HOST}/shop/web`,
      createdAt: new Date('2026-01-01T00:00:00Z'),
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'latest*' }],
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: { encryptionType: 'AES256' },
    })
    const described = await account.ecr.send(
      new DescribeRepositoriesCommand({ repositoryNames: ['shop/web'] }),
    )
    expect(described.repositories).toEqual([created.repository])
  })

  it('ECR-2 exist once', async () => {
    const command = new CreateRepositoryCommand({ repositoryName: 'shop/api' })
    expect(await refusal(account.ecr.send(command))).toEqual({
      name: 'RepositoryAlreadyExistsException',
      text: "The repository with name 'shop/api' already exists in the registry with id '123456789012'",
    })
  })

  it.each(['Shop', 'shop//api', '-shop', 's'])('ECR-2 cannot be named %s', async (name) => {
    const command = new CreateRepositoryCommand({ repositoryName: name })
    expect(await refusal(account.ecr.send(command))).toMatchObject({
      name: 'InvalidParameterException',
      text: expect.stringMatching(
        /^Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy/,
      ),
    })
  })

  it('ECR-2 of another account are not found, and the account asked is named', async () => {
    const command = new DescribeRepositoriesCommand({
      registryId: '111111111111',
      repositoryNames: ['shop/api'],
    })
    expect(await refusal(account.ecr.send(command))).toMatchObject({
      text: "The repository with name 'shop/api' does not exist in the registry with id '111111111111'",
    })
  })

  it('ECR-2 are listed in pages', async () => {
    for (const name of ['shop/b', 'shop/c']) account.simulator.ecr.registry.create(name)
    const names: (string | undefined)[] = []
    let nextToken: string | undefined
    do {
      const page = await account.ecr.send(
        new DescribeRepositoriesCommand({ maxResults: 2, nextToken }),
      )
      names.push(...(page.repositories?.map(({ repositoryName }) => repositoryName) ?? []))
      nextToken = page.nextToken
    } while (nextToken !== undefined)
    expect(names).toEqual(['shop/api', 'shop/b', 'shop/c'])
  })

  it('ECR-3 tell the templates that let a push create them', async () => {
    account.simulator.ecr.registry.templates.push({
      prefix: 'team',
      appliedFor: ['CREATE_ON_PUSH'],
      settings: { tagMutability: 'IMMUTABLE' },
    })
    const answer = await account.ecr.send(new DescribeRepositoryCreationTemplatesCommand({}))
    expect(answer.repositoryCreationTemplates).toMatchObject([
      { prefix: 'team', appliedFor: ['CREATE_ON_PUSH'], imageTagMutability: 'IMMUTABLE' },
    ])
  })
})

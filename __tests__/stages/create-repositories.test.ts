import {
  CreateRepositoryCreationTemplateCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetLifecyclePolicyCommand,
  GetRepositoryPolicyCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-ecr'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import type { AwsClientSettings } from '../../src/adapters/aws/settings.ts'
import { ActionError } from '../../src/core/errors/action-error.ts'
import type { RepositorySettings } from '../../src/core/image/repository/repository-settings.ts'
import type { Ports } from '../../src/ports/ports.ts'
import { createRepositories } from '../../src/stages/publish/create-repositories.ts'
import { inspectCache } from '../../src/stages/preflight/inspect-cache.ts'
import { inspectRepository } from '../../src/stages/preflight/inspect-repository.ts'
import { RecordingReport } from '../support/recording-report.ts'
import { SimulatedClock } from '../support/simulated-clock.ts'
import {
  openRegistry,
  registryHost,
  sessionOf,
  type TestRegistry,
} from '../support/test-registry.ts'

const settings: RepositorySettings = {
  mutability: undefined,
  scanOnPush: true,
  encryption: { type: 'AES256', kmsKey: undefined },
  lifecyclePolicy: JSON.stringify({
    rules: [
      {
        rulePriority: 1,
        selection: { tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: 9 },
        action: { type: 'expire' },
      },
    ],
  }),
  repositoryPolicy: JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage' }],
  }),
  tags: { team: 'shop' },
}
const mutability = { tagMutability: 'IMMUTABLE_WITH_EXCLUSION', exclusionFilters: ['latest'] }
const fresh = { settings, mutability }

let registry: TestRegistry
let ecr: ECRClient
let ports: Pick<Ports, 'clock' | 'signal'> & { readonly report: RecordingReport }
beforeEach(async () => {
  registry = await openRegistry()
  ecr = new ECRClient({ ...registry.settings, endpoint: registry.simulator.url })
  ports = {
    clock: new SimulatedClock(registry.clock),
    report: new RecordingReport(),
    signal: new AbortController().signal,
  }
})
afterEach(async () => {
  ecr.destroy()
  await registry.close()
})

const names = { identityTags: ['sha-1'], movingTags: ['latest'] }
const foresee = async (as: AwsClientSettings = registry.settings) => {
  const reference = { name: 'team/app' }
  const facts = await inspectRepository(reference, names, sessionOf(as), ports, fresh)
  if (facts.creation === undefined) throw new TypeError('it is there')
  return { ...facts, creation: facts.creation }
}
const create = async (as: AwsClientSettings = registry.settings): Promise<void> => {
  const { creation } = await foresee()
  await createRepositories([creation], sessionOf(as), ports)
}

describe('a repository that is missing', () => {
  it('is foreseen with the host that ECR tells, and nothing is written', async () => {
    const { repository, creation, existing } = await foresee()
    expect(repository.registry.host).toBe(registryHost)
    expect(creation).toEqual({ kind: 'create', repository, ...fresh })
    expect(existing.size).toBe(0)
    expect(registry.simulator.ecr.registry.find('team/app')).toBeUndefined()
  })

  it('is made as the settings say', async () => {
    await create()
    const input = { repositoryName: 'team/app' }
    const found = await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: ['team/app'] }))
    expect(found.repositories?.[0]).toMatchObject({
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'latest' }],
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: { encryptionType: 'AES256' },
    })
    const resourceArn = found.repositories?.[0]?.repositoryArn
    const { tags } = await ecr.send(new ListTagsForResourceCommand({ resourceArn }))
    expect(tags).toEqual([{ Key: 'team', Value: 'shop' }])
    const lifecycle = await ecr.send(new GetLifecyclePolicyCommand(input))
    expect(lifecycle.lifecyclePolicyText).toBe(settings.lifecyclePolicy)
    const policy = await ecr.send(new GetRepositoryPolicyCommand(input))
    expect(policy.policyText).toBe(settings.repositoryPolicy)
    const uri = `${registryHost}/team/app`
    expect(ports.report.lines).toEqual([
      `created ${uri}: IMMUTABLE_WITH_EXCLUSION (latest), AES256, scan on push`,
      `put the lifecycle-policy on ${uri}`,
      `put the repository-policy on ${uri}`,
    ])
  })

  it('is as good where somebody else makes it in the meantime, and is left as it is', async () => {
    const { creation } = await foresee()
    await registry.createRepository('team/app', 'MUTABLE')
    await createRepositories([creation], sessionOf(registry.settings), ports)
    const { settings: now } = registry.simulator.ecr.registry.repository('team/app')
    expect(now).toMatchObject({ tagMutability: 'MUTABLE', scanOnPush: false })
    expect(ports.report.everything).toContain('was made by somebody else in the meantime')
  })

  it('is left to the push where a creation template covers it', async () => {
    for (const prefix of ['ROOT', 'team']) {
      const appliedFor = ['CREATE_ON_PUSH' as const]
      const imageTagMutability = prefix === 'team' ? ('IMMUTABLE' as const) : undefined
      const input = { prefix, appliedFor, imageTagMutability }
      await ecr.send(new CreateRepositoryCreationTemplateCommand(input))
    }
    const { creation, mutability: foreseen } = await foresee()
    expect(creation).toMatchObject({ kind: 'template', prefix: 'team' })
    expect(foreseen.tagMutability).toBe('IMMUTABLE')
    await createRepositories([creation], sessionOf(registry.settings), ports)
    expect(registry.simulator.ecr.registry.find('team/app')).toBeUndefined()
    expect(ports.report.everything).toContain('the creation template "team" covers it')
  })

  it('is made also where templates may not be read, with one word about it', async () => {
    const allowed = registry.settingsOf(['ecr:DescribeRepositories', 'ecr:GetAuthorizationToken'])
    const { creation } = await foresee(allowed)
    expect(creation.kind).toBe('create')
    expect(ports.report.warnings.join()).toContain('ecr:DescribeRepositoryCreationTemplates')
  })

  it.each([
    [[], 'lifecycle-policy and repository-policy', 'ecr:PutLifecyclePolicy'],
    [['ecr:PutLifecyclePolicy'], 'repository-policy', 'ecr:SetRepositoryPolicy'],
  ])('is told to be there without what is refused: with %j', async (more, lacking, action) => {
    const allowed = registry.settingsOf(['ecr:CreateRepository', 'ecr:TagResource', ...more])
    await expect(create(allowed)).rejects.toMatchObject({
      code: 'access-denied',
      message: expect.stringContaining(`was created, but without its ${lacking}: `),
      remedy: expect.stringContaining(action),
    })
    expect(registry.simulator.ecr.registry.find('team/app')).toBeDefined()
    expect(ports.report.lines).toHaveLength(1 + more.length)
    expect(ports.report.warnings).toEqual([])
  })

  it.each([
    ['with the answer of its making', []],
    ['once it is made', []],
    ['with the answer of its first policy', ['PutLifecyclePolicy']],
  ])('gets nothing more after a cancel %s, and what it may lack is said', async (when, sent) => {
    const abort = new AbortController()
    const reason = new ActionError('cancelled', 'the run was cancelled (SIGINT)', 'Look first.')
    const cancelAt = (moment: string): void => {
      if (moment === when) abort.abort(reason)
    }
    const report = new RecordingReport()
    report.line = () => cancelAt('once it is made')
    const session = sessionOf(registry.settings, (inner) => ({
      ...inner,
      createRepository: async (...call) => {
        await inner.createRepository(...call)
        cancelAt('with the answer of its making')
      },
      putLifecyclePolicy: async (...call) => {
        await inner.putLifecyclePolicy(...call)
        cancelAt('with the answer of its first policy')
      },
    }))
    const { creation } = await foresee()
    const creating = createRepositories([creation], session, {
      ...{ ...ports, report },
      signal: abort.signal,
    })
    await expect(creating).rejects.toBe(reason)
    const policies = ['PutLifecyclePolicy', 'SetRepositoryPolicy'].filter(
      (operation) => registry.simulator.requests.list('ecr', operation).length > 0,
    )
    expect(policies).toEqual(sent)
    expect(report.warnings).toEqual([
      `the run was cancelled: "${registryHost}/team/app" may be there without its lifecycle-policy and repository-policy. ` +
        'A repository that is there is not changed: put on it yourself what is missing, or delete it and run the job again.',
    ])
  })

  it('is an objection where nothing may be made', async () => {
    const reference = { name: 'team/app' }
    const looked = inspectRepository(reference, names, sessionOf(registry.settings), ports)
    await expect(looked).rejects.toMatchObject({
      remedy: expect.stringContaining('create-repository: true'),
    })
  })
})

describe('a cache repository that is missing', () => {
  it('is made with tags that move and without the policies of images', async () => {
    const cache = { kind: 'registry' as const, repository: { name: 'team/cache' } }
    const store = await inspectCache(cache, settings, sessionOf(registry.settings), ports)
    if (store.kind !== 'registry' || store.creation === undefined) throw new TypeError(store.kind)
    await createRepositories([store.creation], sessionOf(registry.settings), ports)
    const { settings: made } = registry.simulator.ecr.registry.repository('team/cache')
    expect(made).toMatchObject({ tagMutability: 'MUTABLE', scanOnPush: false })
    expect(made.lifecyclePolicy).toBeUndefined()
  })
})

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import type { RepositorySettings } from '../../simulator/ecr/store/repository.ts'
import type { Fault } from '../../simulator/faults/fault.ts'
import { ActionError } from '../../src/core/errors/action-error.ts'
import type { RepositoryCreation } from '../../src/core/image/repository/repository-settings.ts'
import type { Ecr } from '../../src/ports/ecr.ts'
import { createRepositories } from '../../src/stages/publish/create-repositories.ts'
import { RecordingReport } from '../support/recording-report.ts'
import { SimulatedClock } from '../support/simulated-clock.ts'
import {
  openRegistry,
  registryHost,
  sessionOf,
  type TestRegistry,
} from '../support/test-registry.ts'

const uri = `${registryHost}/team/new`
const [lifecyclePolicy, repositoryPolicy] = [
  '{"rules":[{"rulePriority":1,"selection":{"tagStatus":"untagged","countType":"imageCountMoreThan","countNumber":9},"action":{"type":"expire"}}]}',
  '{"Version":"2012-10-17","Statement":[]}',
]
const creation: RepositoryCreation = {
  kind: 'create',
  repository: {
    registry: { host: registryHost, accountId: '123456789012', region: 'us-east-1' },
    name: 'team/new',
  },
  mutability: { tagMutability: 'IMMUTABLE_WITH_EXCLUSION', exclusionFilters: ['latest', 'dev-*'] },
  settings: {
    ...{ mutability: undefined, scanOnPush: true, tags: {} },
    encryption: { type: 'AES256', kmsKey: undefined },
    ...{ lifecyclePolicy, repositoryPolicy },
  },
}

let registry: TestRegistry
let report: RecordingReport
beforeEach(async () => {
  registry = await openRegistry()
  report = new RecordingReport()
})
afterEach(async () => registry.close())

const unchanged =
  'A repository that is there is not changed: put on it yourself what is missing, or delete it and run the job again.'
/** As we ask for it. */
const asked: Partial<RepositorySettings> = {
  tagMutability: 'IMMUTABLE_WITH_EXCLUSION',
  exclusionFilters: ['dev-*', 'latest'],
  scanOnPush: true,
}

const create = (settings = registry.settings, altered?: (ecr: Ecr) => Ecr): Promise<void> =>
  createRepositories([creation], sessionOf(settings, altered), {
    ...{ clock: new SimulatedClock(registry.clock), report },
    signal: new AbortController().signal,
  })
const made = () => registry.simulator.ecr.registry.find('team/new')?.settings
const policies = () => [made()?.lifecyclePolicy, made()?.repositoryPolicy]
const strike = (...faults: Fault[]): void => {
  registry.simulator.faults.add(faults)
}
/** Somebody else makes it in the moment before our first request arrives, which is lost. */
const overtaken =
  (settings: Partial<RepositorySettings>) =>
  (ecr: Ecr): Ecr => ({
    ...ecr,
    createRepository: async (...call) => {
      if (made() === undefined) registry.simulator.ecr.registry.create('team/new', settings)
      await ecr.createRepository(...call)
    },
  })

describe('a repository whose making got no good answer', () => {
  it.each<[string, Fault]>([
    ['is lost', { call: 'ecr:CreateRepository', reset: 'after', first: 1 }],
    ['is cut off', { call: 'ecr:CreateRepository', malformed: true, first: 1 }],
    ['is empty', { call: 'ecr:CreateRepository', empty: true, first: 1 }],
    ['never came, for nothing was made', { call: 'ecr:CreateRepository', reset: 'before', nth: 1 }],
    ['is a failure of ECR', { call: 'ecr:CreateRepository', status: 503, first: 2 }],
    ['is that ECR throttles', { call: 'ecr:CreateRepository', throttle: true, first: 2 }],
  ])('is ours and gets its policies where the answer %s', async (_how, fault) => {
    strike(fault)
    await create()
    expect(policies()).toEqual([lifecyclePolicy, repositoryPolicy])
    expect(report.lines).toEqual([
      `created ${uri}: IMMUTABLE_WITH_EXCLUSION (latest, dev-*), AES256, scan on push`,
      `put the lifecycle-policy on ${uri}`,
      `put the repository-policy on ${uri}`,
    ])
    expect(report.warnings).toEqual([])
  })

  it.each<[string, Partial<RepositorySettings>]>([
    ['lets its tags move', { tagMutability: 'MUTABLE' }],
    ['exempts other tags', { exclusionFilters: ['latest'] }],
    ['is not scanned', { scanOnPush: false }],
    ['is encrypted otherwise', { encryption: { encryptionType: 'KMS' } }],
  ])('is somebody else’s and stays as it is where it %s', async (_how, difference) => {
    strike({ call: 'ecr:CreateRepository', reset: 'before', nth: 1 })
    await create(undefined, overtaken({ ...asked, ...difference }))
    expect(policies()).toEqual([undefined, undefined])
    expect(report.lines).toEqual([
      `${uri} was made by somebody else in the meantime, and is left as it is`,
    ])
  })

  it('stays as it is where nobody can tell who made it, and that it may lack its policies is said', async () => {
    strike({ call: 'ecr:CreateRepository', reset: 'before', nth: 1 })
    registry.simulator.ecr.registry.create('team/new', asked)
    registry.clock.advance(60_000)
    await create()
    expect(policies()).toEqual([undefined, undefined])
    expect(report.lines).toEqual([])
    expect(report.warnings).toEqual([
      `"${uri}" is there, but who made it cannot be told: CreateRepository got no answer. ` +
        `It may be without its lifecycle-policy and repository-policy. ${unchanged}`,
    ])
  })

  it('may be there without its policies where nobody can look, and the error says so', async () => {
    strike({ call: 'ecr:CreateRepository', reset: 'after', first: 1 })
    const allowed = registry.settingsOf(['ecr:CreateRepository', 'ecr:TagResource'])
    await expect(create(allowed)).rejects.toMatchObject({
      code: 'access-denied',
      message: expect.stringContaining(
        `"${uri}" may be there without its lifecycle-policy and repository-policy: not allowed to call ecr:DescribeRepositories`,
      ),
      remedy: expect.stringContaining(unchanged),
    })
    expect(made()).toBeDefined()
  })

  it('is given up after five attempts', async () => {
    strike({ call: 'ecr:CreateRepository', status: 503 })
    await expect(create()).rejects.toMatchObject({ code: 'aws-unavailable' })
    expect(registry.simulator.requests.list('ecr', 'CreateRepository')).toHaveLength(5)
  })

  it('lacks nothing where ECR refuses it', async () => {
    const refused = create(registry.settingsOfStranger)
    await expect(refused).rejects.toMatchObject({
      code: 'access-denied',
      message: expect.stringMatching(/^not allowed to call ecr:CreateRepository/),
    })
    expect(registry.simulator.requests.list('ecr', 'CreateRepository')).toHaveLength(1)
  })

  it('is not asked for again after a cancel, and what it may lack is said once', async () => {
    const abort = new AbortController()
    const reason = new ActionError('cancelled', 'the run was cancelled (SIGINT)', 'Look first.')
    strike({ call: 'ecr:CreateRepository', reset: 'after', first: 1 })
    const clock = new SimulatedClock(registry.clock)
    const ecr = (inner: Ecr): Ecr => ({
      ...inner,
      madeRepository: async (key) => {
        const found = await inner.madeRepository(key)
        abort.abort(reason)
        return found
      },
    })
    const ports = { clock, report, signal: abort.signal }
    const creating = createRepositories([creation], sessionOf(registry.settings, ecr), ports)
    await expect(creating).rejects.toBe(reason)
    expect(registry.simulator.requests.list('ecr', 'CreateRepository')).toHaveLength(1)
    expect(report.warnings).toEqual([
      `the run was cancelled: "${uri}" may be there without its lifecycle-policy and repository-policy. ${unchanged}`,
    ])
  })
})

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { parseRepositoryReference } from '../../src/core/image/repository/repository.ts'
import { inspectRepository } from '../../src/stages/preflight/inspect-repository.ts'
import { RecordingReport } from '../support/recording-report.ts'
import { openRegistry, pushImage, sessionOf, type TestRegistry } from '../support/test-registry.ts'

const ports = { report: new RecordingReport(), signal: new AbortController().signal }

let registry: TestRegistry
beforeEach(async () => {
  registry = await openRegistry()
})
afterEach(async () => registry.close())

const inspect = (
  text: string,
  tags: readonly string[] = [],
  settings = registry.settings,
  movingTags: readonly string[] = [],
) => {
  const reference = parseRepositoryReference(text)
  if (reference === undefined) throw new TypeError(text)
  const names = { identityTags: tags, movingTags }
  return inspectRepository(reference, names, sessionOf(settings), ports)
}

describe('inspectRepository', () => {
  it('takes the host that ECR answers where none was written', async () => {
    await registry.createRepository('team/app')
    const { repository } = await inspect('team/app')
    expect(repository).toEqual({
      name: 'team/app',
      registry: {
        host: '123456789012.dkr.ecr.us-east-1.amazonaws.com',
        accountId: '123456789012',
        region: 'us-east-1',
      },
    })
  })

  it('keeps the host that was written', async () => {
    await registry.createRepository('team/app')
    const host = '123456789012.dkr-ecr.us-east-1.on.aws'
    const { repository } = await inspect(`${host}/team/app`)
    expect(repository.registry.host).toBe(host)
  })

  it('reads what the identity tags name, without attestations', async () => {
    await registry.createRepository('team/app', 'IMMUTABLE_WITH_EXCLUSION', ['latest'])
    const annotations = { 'org.opencontainers.image.revision': 'abc' }
    const pushed = await pushImage(registry, 'team/app', 'v1', { annotations })
    const { existing, mutability } = await inspect('team/app', ['v1', 'v2'])
    expect([...existing.keys()]).toEqual(['v1'])
    expect(existing.get('v1')).toMatchObject({
      digest: pushed.digest,
      missing: [],
      platforms: [
        { platform: 'linux/amd64', annotations },
        { platform: 'linux/arm64', annotations },
      ],
    })
    expect(mutability).toMatchObject({
      tagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      exclusionFilters: ['latest'],
    })
  })

  it('reads what those moving tags name that cannot move', async () => {
    await registry.createRepository('team/app', 'IMMUTABLE_WITH_EXCLUSION', ['latest'])
    await pushImage(registry, 'team/app', 'latest')
    const { digest } = await pushImage(registry, 'team/app', 'stable')
    const { taken } = await inspect('team/app', [], registry.settings, ['latest', 'stable', 'free'])
    expect([...taken]).toEqual([['stable', digest]])
  })

  it.each([
    ['team/none', 'repository "team/none" does not exist in us-east-1 of account 123456789012'],
    [
      '210987654321.dkr.ecr.us-east-1.amazonaws.com/team/app',
      'repository "team/app" on "210987654321.dkr.ecr.us-east-1.amazonaws.com" does not exist in us-east-1 of account 210987654321',
    ],
  ])('says where it looked for %s', async (text, message) => {
    await expect(inspect(text)).rejects.toMatchObject({ code: 'repository-not-found', message })
  })

  it('names the action that is not allowed', async () => {
    await expect(inspect('team/app', [], registry.settingsOfStranger)).rejects.toMatchObject({
      code: 'access-denied',
      remedy: expect.stringContaining('ecr:DescribeRepositories'),
    })
  })

  it('needs no more than these two permissions', async () => {
    await registry.createRepository('team/app')
    await pushImage(registry, 'team/app', 'v1')
    const settings = registry.settingsOf(['ecr:DescribeRepositories', 'ecr:BatchGetImage'])
    expect((await inspect('team/app', ['v1'], settings)).existing.size).toBe(1)
  })
})

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import {
  parseRepositoryReference,
  type Repository,
} from '../../src/core/image/repository/repository.ts'
import { inspectRepository } from '../../src/stages/preflight/inspect-repository.ts'
import { publishImages } from '../../src/stages/publish/publish-images.ts'
import { buildPorts, type BuildPorts } from '../support/build-ports.ts'
import { imagePlan } from '../support/image-plan.ts'
import { RecordingDocker } from '../support/recording-docker.ts'
import { commit } from '../support/run-context.ts'
import { SimulatedClock } from '../support/simulated-clock.ts'
import { openRegistry, sessionOf, type TestRegistry } from '../support/test-registry.ts'

const tag = `sha-${commit}`
const reference = parseRepositoryReference('public.ecr.aws/a1b2c3d4/app') ?? { name: '' }
const repository: Repository = {
  registry: { host: 'public.ecr.aws', accountId: '', region: 'us-east-1' },
  name: 'a1b2c3d4/app',
}

let registry: TestRegistry
let docker: RecordingDocker
let ports: BuildPorts
beforeEach(async () => {
  registry = await openRegistry()
  docker = await RecordingDocker.prepare({ registryUrl: registry.simulator.registry.url })
  ports = buildPorts(docker, { clock: new SimulatedClock(registry.clock) })
})
afterEach(async () => {
  await docker.remove()
  await registry.close()
})
const names = { identityTags: [tag], movingTags: ['latest'] }
const inspect = (settings = registry.settings) =>
  inspectRepository(reference, names, sessionOf(settings), ports)

describe('a repository of ECR Public', () => {
  it('gets what is built, read back and tagged by the protocol of its registry', async () => {
    const made = registry.simulator.ecrPublic.create('app')
    const plan = imagePlan({ repository, movingTags: ['latest'] })
    const [published] = await publishImages([plan], sessionOf(registry.settings), ports)
    const digest = published?.image.digest
    expect(Object.fromEntries(made.tags)).toEqual({
      [tag]: digest,
      '1.2.3': digest,
      latest: digest,
    })
    const { existing, mutability } = await inspect()
    expect(existing.get(tag)?.digest).toBe(digest)
    expect(mutability.tagMutability).toBe('MUTABLE')
    for (const secret of ports.report.masks) expect(ports.report.everything).not.toContain(secret)
  })

  it('gets a copy of what is built for a private one', async () => {
    await registry.createRepository('team/app')
    const made = registry.simulator.ecrPublic.create('app')
    const plan = imagePlan({ copies: [{ repository, existing: undefined }] })
    const [published] = await publishImages([plan], sessionOf(registry.settings), ports)
    expect(made.digestOfTag(tag)).toBe(published?.image.digest)
  })

  it('keeps a moving tag on a newer version, which its own API tells', async () => {
    const made = registry.simulator.ecrPublic.create('app')
    const publish = (version: string) =>
      publishImages(
        [imagePlan({ repository, version, identityTags: [version], movingTags: ['1'] })],
        sessionOf(registry.settings),
        ports,
      )
    const [newer] = await publish('1.3.0')
    await publish('1.2.0')
    expect(made.digestOfTag('1')).toBe(newer?.image.digest)
  })

  it('keeps a moving tag where it may not be asked what else it names, by the name of that', async () => {
    const made = registry.simulator.ecrPublic.create('app')
    const publish = (version: string, settings = registry.settings) =>
      publishImages(
        [imagePlan({ repository, version, identityTags: [version], movingTags: ['1'] })],
        sessionOf(settings),
        ports,
      )
    const [first] = await publish('1.2.0')
    const pushing = ['BatchCheckLayerAvailability', 'InitiateLayerUpload', 'UploadLayerPart']
    const settings = registry.settingsOf([
      ...['ecr-public:GetAuthorizationToken', 'sts:GetServiceBearerToken'],
      ...[...pushing, 'CompleteLayerUpload', 'PutImage'].map((each) => `ecr-public:${each}`),
    ])
    await publish('1.3.0', settings)
    expect(made.digestOfTag('1')).toBe(first?.image.digest)
    expect(ports.report.warnings.join()).toContain(
      'without the permission ecr-public:DescribeImages it is not known',
    )
  })

  it('is missing where the caller has none of that name', async () => {
    await expect(inspect()).rejects.toMatchObject({
      code: 'repository-not-found',
      message: 'account 123456789012 has no repository "a1b2c3d4/app" in ECR Public',
      remedy: expect.stringContaining('aws ecr-public create-repository --repository-name app'),
    })
  })

  it('names both permissions that its login needs', async () => {
    registry.simulator.ecrPublic.create('app')
    const settings = registry.settingsOf(['ecr-public:DescribeRepositories'])
    await expect(inspect(settings)).rejects.toMatchObject({
      code: 'access-denied',
      remedy: expect.stringContaining(
        'ecr-public:GetAuthorizationToken and sts:GetServiceBearerToken',
      ),
    })
  })
})

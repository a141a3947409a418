import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { digestOf } from '../../simulator/ecr/store/digest.ts'
import { stringMember } from '../../simulator/wire/members.ts'
import type { JsonObject } from '../../simulator/wire/service.ts'
import type { AwsClientSettings } from '../../src/adapters/aws/settings.ts'
import type { BuiltImagePlan } from '../../src/core/plan/image/image-plan.ts'
import { publishImages } from '../../src/stages/publish/publish-images.ts'
import { imageOf } from '../simulator/ecr/image.ts'
import { RegistryClient } from '../simulator/ecr/registry-client.ts'
import { buildPorts } from '../support/build-ports.ts'
import { imagePlan } from '../support/image-plan.ts'
import { published, statementsOf, together, without } from '../support/published-iam.ts'
import { RecordingDocker } from '../support/recording-docker.ts'
import { SimulatedClock } from '../support/simulated-clock.ts'
import { openRegistry, sessionOf, type TestRegistry } from '../support/test-registry.ts'

const place = { accountId: '123456789012', region: 'us-east-1' }
const here = { host: '123456789012.dkr.ecr.us-east-1.amazonaws.com', ...place }
const web = { registry: here, name: 'team/web' }
const role = published('deploy-role.json')

/** The role with another repository beside the first one in the statements of these ids. */
function withSecond(name: string, ids: readonly string[]): JsonObject {
  const statements = statementsOf(role).map((statement) => {
    const arn = statement['Resource']
    if (typeof arn !== 'string' || !ids.includes(stringMember(statement, 'Sid') ?? ''))
      return statement
    return { ...statement, Resource: [arn, arn.replace('team/web', name)] }
  })
  return { ...role, Statement: statements }
}

describe('what the role needs in registries', () => {
  let registry: TestRegistry
  let docker: RecordingDocker
  beforeEach(async () => {
    registry = await openRegistry()
    docker = await RecordingDocker.prepare({ registryUrl: registry.simulator.registry.url })
    await registry.createRepository('team/web', 'IMMUTABLE')
  })
  afterEach(async () => {
    await docker.remove()
    await registry.close()
  })

  let users = 0
  function keyOf(policy: JsonObject) {
    return registry.simulator.iam.addUser({ name: `user-${++users}`, policy })
  }

  async function publish(
    policy: JsonObject,
    differences: Partial<BuiltImagePlan>,
  ): Promise<readonly string[]> {
    const key = keyOf(policy)
    const settings: AwsClientSettings = {
      region: 'us-east-1',
      credentials: () => Promise.resolve(key),
    }
    const ports = buildPorts(docker, { clock: new SimulatedClock(registry.clock) })
    const plan = imagePlan({ repository: web, ...differences })
    const published = await publishImages([plan], sessionOf(settings), ports)
    return published.map(({ image }) => image.digest)
  }

  it('is the document of ECR Public for a public repository, and the role alone is not enough', async () => {
    registry.simulator.ecrPublic.create('web')
    const registryOfAll = { host: 'public.ecr.aws', accountId: '', region: 'us-east-1' }
    const repository = { registry: registryOfAll, name: 'a1b2c3d4/web' }
    await expect(publish(role, { repository })).rejects.toMatchObject({
      code: 'access-denied',
      remedy: expect.stringContaining('ecr-public:GetAuthorizationToken'),
    })
    const document = published('features/ecr-public.json')
    for (const action of ['sts:GetServiceBearerToken', 'ecr-public:PutImage']) {
      await expect(
        publish(together(role, without(document, action)), { repository }),
      ).rejects.toThrow()
    }
    expect(await publish(together(role, document), { repository })).toHaveLength(1)
  })

  it('is every repository in the three statements that README names, for a copy', async () => {
    await registry.createRepository('team/second', 'IMMUTABLE')
    const copies = [{ repository: { registry: here, name: 'team/second' }, existing: undefined }]
    await expect(publish(role, { copies })).rejects.toMatchObject({ code: 'access-denied' })
    const second = withSecond('team/second', ['Push', 'ListImages', 'MeasureImage'])
    expect(await publish(second, { copies })).toHaveLength(1)
  })

  it('is the document for base images to pull one, and each of its actions', async () => {
    await registry.createRepository('team/base')
    const base = imageOf('linux/amd64', 'base')
    const [layer = ''] = base.blobs.map(digestOf).slice(-1)
    await registry.client.push('team/base', base, '1')
    const document = published('features/pull-base-images.json')
    async function pull(policy: JsonObject): Promise<readonly number[]> {
      const client = RegistryClient.loggedIn(registry.simulator, keyOf(policy).accessKeyId)
      const paths = ['manifests/1', `blobs/${layer}`]
      const answers = await Promise.all(
        paths.map((path) => client.request('GET', `/v2/team/base/${path}`)),
      )
      return answers.map(({ status }) => status)
    }
    expect(await pull(role)).toEqual([403, 403])
    expect(await pull(without(document, 'ecr:BatchGetImage'))).toEqual([403, 200])
    expect(await pull(without(document, 'ecr:GetDownloadUrlForLayer'))).toEqual([200, 403])
    expect(await pull(document)).toEqual([200, 200])
  })
})

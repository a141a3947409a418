import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { buildPorts, type BuildPorts } from '../support/build-ports.ts'
import { imagePlan } from '../support/image-plan.ts'
import { publishOne } from '../support/publish-one.ts'
import { RecordingDocker } from '../support/recording-docker.ts'
import { SimulatedClock } from '../support/simulated-clock.ts'
import { openRegistry, sessionOf, type TestRegistry } from '../support/test-registry.ts'

const reads = ['ecr:GetAuthorizationToken', 'ecr:DescribeRepositories', 'ecr:BatchGetImage']

let registry: TestRegistry
let docker: RecordingDocker
let ports: BuildPorts
beforeEach(async () => {
  registry = await openRegistry()
  docker = await RecordingDocker.prepare({ registryUrl: registry.simulator.registry.url })
  ports = buildPorts(docker, { clock: new SimulatedClock(registry.clock) })
  await registry.createRepository('team/app')
  registry.simulator.faults.add([{ request: 'POST /v2/team/app/*', reset: 'before' }])
})
afterEach(async () => {
  await docker.remove()
  await registry.close()
})

const publish = (allowed: readonly string[]) =>
  publishOne(imagePlan(), sessionOf(registry.settingsOf(allowed)), ports)
const builds = async () => (await docker.verbs()).filter((verb) => verb === 'build').length

describe('a push whose connection ends without an answer', () => {
  it('is told to be denied where ECR denies so much as a look for a layer, and not tried again', async () => {
    await expect(publish(reads)).rejects.toMatchObject({
      code: 'access-denied',
      remedy: expect.stringContaining('Allow ecr:BatchCheckLayerAvailability on'),
    })
    expect(await builds()).toBe(1)
  })

  it('is tried again where ECR has no objection', async () => {
    await expect(publish([...reads, 'ecr:BatchCheckLayerAvailability'])).rejects.toMatchObject({
      code: 'push-failed',
    })
    expect(await builds()).toBe(3)
  })

  it('is no denial because the repository may not be described', async () => {
    const [token = '', , read = ''] = reads
    await expect(publish([token, read, 'ecr:BatchCheckLayerAvailability'])).rejects.toMatchObject({
      code: 'push-failed',
    })
  })
})

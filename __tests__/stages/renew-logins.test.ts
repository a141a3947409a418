import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { EcrHost } from '../../src/core/image/repository/repository.ts'
import type { BuiltImagePlan } from '../../src/core/plan/image/image-plan.ts'
import { buildPorts, type BuildPorts } from '../support/build-ports.ts'
import { imagePlan } from '../support/image-plan.ts'
import { publishOne } from '../support/publish-one.ts'
import { RecordingDocker } from '../support/recording-docker.ts'
import { SimulatedClock } from '../support/simulated-clock.ts'
import { openRegistry, sessionOf, type TestRegistry } from '../support/test-registry.ts'

const bases: EcrHost = {
  host: '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
  accountId: '123456789012',
  region: 'eu-west-1',
}
const expired = `ERROR: failed to solve: ${bases.host}/base:1: failed to authorize: denied: Your authorization token has expired. Reauthenticate and try again.`
const missing = `ERROR: failed to solve: ${bases.host}/base:1: failed to authorize: no basic auth credentials`

let registry: TestRegistry
let docker: RecordingDocker
let ports: BuildPorts
beforeEach(async () => {
  registry = await openRegistry()
  registry.simulator.iam.furtherRegions.add('eu-west-1')
  docker = await RecordingDocker.prepare({
    registryUrl: registry.simulator.registry.url,
    buildError: expired,
  })
  ports = buildPorts(docker, { clock: new SimulatedClock(registry.clock) })
  await registry.createRepository('team/app')
})
afterEach(async () => {
  await docker.remove()
  await registry.close()
})

/** @param mended Whether the pull succeeds with new passwords. */
function publish(mended: boolean, differences: Partial<BuiltImagePlan>) {
  let tokens = 0
  const session = sessionOf(registry.settings, (ecr) => ({
    ...ecr,
    authorizationToken: async () => {
      tokens += 1
      if (mended && tokens > 2) {
        await docker.play({ registryUrl: registry.simulator.registry.url })
      }
      return await ecr.authorizationToken()
    },
  }))
  return publishOne(imagePlan({ retries: 0, ...differences }), session, ports)
}
const loggedIn = (): readonly string[] =>
  ports.report.lines.flatMap((line) => /^logged in to (\S+)/.exec(line)?.[1] ?? [])
const builds = async () => (await docker.verbs()).filter((verb) => verb === 'build')

describe('a login that ends before a base image is pulled', () => {
  it.each<[string, Partial<BuiltImagePlan>]>([
    ['a registry that is pulled from', { pullHosts: [bases] }],
    ['the registry of the cache', { cacheHost: bases }],
  ])('is renewed once, for every registry that is logged in to: %s', async (_what, hosts) => {
    await publish(true, hosts)
    const all = ['123456789012.dkr.ecr.us-east-1.amazonaws.com', bases.host]
    expect(loggedIn()).toEqual([...all, ...all])
    expect(await builds()).toHaveLength(2)
  })

  it('is told to be the reason where new passwords do not help', async () => {
    await expect(publish(false, { pullHosts: [bases] })).rejects.toMatchObject({
      code: 'registry-login-failed',
      message: expect.stringContaining(`${bases.host}/base:1`),
    })
    expect(await builds()).toHaveLength(2)
  })
})

describe('a base image in a registry that nobody logged in to', () => {
  it('ends the build at once: no new password of another registry opens it', async () => {
    await docker.play({ registryUrl: registry.simulator.registry.url, buildError: missing })
    await expect(publish(false, { retries: 2 })).rejects.toMatchObject({
      code: 'registry-login-failed',
      remedy: expect.stringContaining('Name the registry in `registries`'),
    })
    expect(await builds()).toHaveLength(1)
    expect(loggedIn()).toHaveLength(1)
    expect(ports.report.warnings).toEqual([])
  })

  it('is opened by new passwords where it was logged in to, and they were taken away', async () => {
    await docker.play({ registryUrl: registry.simulator.registry.url, buildError: missing })
    await publish(true, { pullHosts: [bases] })
    expect(await builds()).toHaveLength(2)
  })
})

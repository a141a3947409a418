import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { Fault } from '../../simulator/faults/fault.ts'
import { withObstacles } from '../../src/core/image/annotations.ts'
import type { PushedImage } from '../../src/core/image/image.ts'
import type { BuiltImagePlan } from '../../src/core/plan/image/image-plan.ts'
import { imageSection } from '../../src/core/report/image-summary.ts'
import { buildPorts, type BuildPorts } from '../support/build-ports.ts'
import { imagePlan } from '../support/image-plan.ts'
import { publishOne } from '../support/publish-one.ts'
import { RecordingDocker } from '../support/recording-docker.ts'
import { commit } from '../support/run-context.ts'
import { SimulatedClock } from '../support/simulated-clock.ts'
import { openRegistry, pushImage, sessionOf, type TestRegistry } from '../support/test-registry.ts'

const tag = `sha-${commit}`
const index = `PUT /v2/team/app/manifests/${tag}`

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

const publish = (differences: Partial<BuiltImagePlan> = {}): Promise<PushedImage> =>
  publishOne(
    imagePlan({ identityTags: [tag], ...differences }),
    sessionOf(registry.settings),
    ports,
  )
/** Of a build whose context is not as committed. */
const obstacles = ['"a" in the context is not as committed']
const uncommitted: Partial<BuiltImagePlan> = {
  obstacles,
  build: {
    ...imagePlan().build,
    annotations: withObstacles(imagePlan().build.annotations, obstacles),
  },
}
const strike = (...faults: readonly Fault[]): void => registry.simulator.faults.add(faults)
const builds = async (): Promise<readonly (readonly string[])[]> =>
  (await docker.calls()).flatMap(({ argv }) => (argv[1] === 'build' ? [argv] : []))
const namedBy = async (name: string): Promise<string | null> => {
  const answer = await registry.client.request('HEAD', `/v2/team/app/manifests/${name}`)
  return answer.headers.get('docker-content-digest')
}

describe('a push that fails for a moment', () => {
  it.each<[string, Fault]>([
    ['a 503 once the platforms have landed', { request: index, nth: 1, status: 503 }],
    ['a 429', { call: 'registry:InitiateLayerUpload', nth: 1, throttle: true }],
    [
      'a reset in mid-upload',
      { request: 'PUT /v2/team/app/blobs/*', nth: 1, reset: 'before', afterBytes: 10 },
    ],
  ])('is tried again after %s, on the same builder', async (_what, fault) => {
    await registry.createRepository('team/app', 'IMMUTABLE')
    strike(fault)
    const image = await publish()
    expect(await namedBy(tag)).toBe(image.digest)
    const all = await builds()
    expect(all).toHaveLength(2)
    expect(
      new Set(all.map((argv) => argv.find((each) => each.startsWith('--builder=')))).size,
    ).toBe(1)
    expect(ports.report.warnings.join()).toMatch(/failed.*; trying again/)
  })

  it('takes finished steps from the cache even where the first go was to use none', async () => {
    await registry.createRepository('team/app')
    strike({ request: index, nth: 1, status: 502 })
    await publish({ build: { ...imagePlan().build, noCache: true, pull: true } })
    const [first = [], second = []] = await builds()
    expect(first).toEqual(expect.arrayContaining(['--no-cache', '--pull']))
    expect(second).not.toContain('--no-cache')
    expect(second).not.toContain('--pull')
  })

  it('is not told to have come from the cache that its own first go filled', async () => {
    await registry.createRepository('team/app')
    await docker.play({
      registryUrl: registry.simulator.registry.url,
      progress: ['#5 [2/2] RUN make', '#5 CACHED'],
    })
    strike({ request: index, nth: 1, status: 502 })
    await publish()
    expect(await builds()).toHaveLength(2)
    expect(imageSection(ports.report.facts)).not.toContain('from a cache')
    await publish({ identityTags: ['other'] })
    expect(imageSection(ports.report.facts)).toContain('(1 of 1 steps from a cache)')
  })

  it('finds what it pushed where only the answer was lost', async () => {
    await registry.createRepository('team/app', 'IMMUTABLE')
    strike({ request: index, nth: 1, reset: 'after' })
    const image = await publish()
    expect(await builds()).toHaveLength(1)
    expect(await namedBy(tag)).toBe(image.digest)
    expect(ports.report.warnings.join()).toContain('the answer to the push was lost')
  })

  it('finds what it pushed of a context that nobody committed, too', async () => {
    await registry.createRepository('team/app', 'IMMUTABLE')
    strike({ request: index, nth: 1, reset: 'after' })
    const image = await publish(uncommitted)
    expect(await builds()).toHaveLength(1)
    expect(await namedBy(tag)).toBe(image.digest)
  })

  it('takes no image for its own that says other things of its build', async () => {
    await registry.createRepository('team/app')
    // Somebody else's lands between our look before and our failing push.
    await publish(uncommitted)
    strike({ request: index, nth: 1, status: 500 })
    await expect(publish({ retries: 0 })).rejects.toMatchObject({ code: 'push-failed' })
  })

  it('gives up after as many further attempts as it may take, with the last reason', async () => {
    await registry.createRepository('team/app')
    strike({ request: index, status: 500 })
    await expect(publish({ retries: 1 })).rejects.toMatchObject({ code: 'push-failed' })
    expect(await builds()).toHaveLength(2)
  })

  it('is not tried again where no retries are asked for', async () => {
    await registry.createRepository('team/app')
    strike({ request: index, nth: 1, status: 500 })
    await expect(publish({ retries: 0 })).rejects.toMatchObject({ code: 'push-failed' })
    expect(await builds()).toHaveLength(1)
  })
})

describe('a login that ends during the build', () => {
  it.each([401, 403] as const)('is renewed once after a bare %i', async (status) => {
    await registry.createRepository('team/app')
    strike({ request: '* /v2/*', expiredLogin: status })
    const note = ports.report.untrusted.bind(ports.report)
    let passed = false
    ports.report.untrusted = (line) => {
      note(line)
      // The build takes longer than the password lasts.
      if (!passed) registry.clock.advance(12 * 3_600_000)
      passed = true
    }
    const image = await publish({ retries: 0 })
    expect(image.tags).toEqual([tag])
    expect(await builds()).toHaveLength(2)
    expect(ports.report.lines.filter((line) => line.startsWith('logged in'))).toHaveLength(2)
  })

  it('is not taken for the reason of a 403 while the password is good', async () => {
    await registry.createRepository('team/app')
    strike({ request: index, status: 403 })
    await expect(publish()).rejects.toMatchObject({ code: 'access-denied' })
    expect(await builds()).toHaveLength(1)
  })
})

describe('a build that fails by itself', () => {
  const buildError = (text: string): Promise<void> =>
    docker.play({ registryUrl: registry.simulator.registry.url, buildError: text })

  it('is never tried again, whatever its failing step prints', async () => {
    await registry.createRepository('team/app')
    await buildError(
      '#7 [2/2] RUN make\n#7 0.1 connection reset by peer\n#7 ERROR: process "/bin/sh -c make" did not complete successfully: exit code: 2\nERROR: failed to solve: process "/bin/sh -c make" did not complete successfully: exit code: 2',
    )
    await expect(publish()).rejects.toMatchObject({ code: 'build-failed' })
    expect(await builds()).toHaveLength(1)
  })

  it('is not taken for a push, even where the tag is immutable and taken', async () => {
    await registry.createRepository('team/app', 'IMMUTABLE')
    await pushImage(registry, 'team/app', tag)
    const told =
      'process "/bin/sh -c test -e x || (echo failed to push; exit 1)" did not complete successfully: exit code: 1'
    await buildError(
      `#7 [2/2] RUN test -e x || (echo failed to push; exit 1)\n#7 0.1 failed to push\n#7 ERROR: ${told}\nERROR: failed to solve: ${told}`,
    )
    await expect(publish()).rejects.toMatchObject({
      code: 'build-failed',
      message: `step "[2/2] RUN test -e x || (echo failed to push; exit 1)" failed: ${told}`,
    })
    expect(await builds()).toHaveLength(1)
  })

  it('is tried again with the very same flags where a registry of a base image has trouble', async () => {
    await registry.createRepository('team/app')
    await buildError(
      '#3 [internal] load metadata for docker.io/library/node:24\n#3 ERROR: unexpected status from HEAD request to https://registry-1.docker.io/v2/library/node/manifests/24: 503 Service Unavailable\nERROR: failed to solve: node:24: unexpected status from HEAD request to https://registry-1.docker.io/v2/library/node/manifests/24: 503 Service Unavailable',
    )
    const build = { ...imagePlan().build, noCache: true }
    await expect(publish({ build })).rejects.toMatchObject({ code: 'build-failed' })
    const all = await builds()
    expect(all).toHaveLength(3)
    expect(all.every((argv) => argv.includes('--no-cache'))).toBe(true)
  })
})

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { Clock } from '../../src/ports/clock.ts'
import { inspectExisting } from '../../src/stages/builder/inspect-builder.ts'
import { readKernelEmulation } from '../../src/stages/builder/register-emulators.ts'
import { buildPorts } from '../support/build-ports.ts'
import { RecordingDocker } from '../support/recording-docker.ts'

let docker: RecordingDocker
let rests: number[]
beforeEach(async () => {
  docker = await RecordingDocker.prepare()
  await docker.addBuilder('theirs', 'docker-container', 'linux/amd64')
  rests = []
})
afterEach(async () => docker.remove())

/** @param afterRest What becomes of docker while one rests. */
async function open(afterRest: () => Promise<void>) {
  const clock: Clock = {
    now: () => new Date(0),
    monotonicMs: () => 0,
    chance: () => 1,
    sleep: async (ms) => {
      rests.push(ms)
      await afterRest()
    },
  }
  const ports = buildPorts(docker, { clock })
  return { ports, configuration: await ports.dockerCredentials.open() }
}
const asks = async (): Promise<number> => (await docker.calls()).length

describe('the image of a builder', () => {
  it.each([
    'ERROR: Error response from daemon: Get "https://registry-1.docker.io/v2/": net/http: TLS handshake timeout',
    'ERROR: Error response from daemon: Get "https://registry-1.docker.io/v2/": EOF',
    'ERROR: Error response from daemon: received unexpected HTTP status: 503 Service Unavailable',
    'ERROR: Error response from daemon: toomanyrequests: Rate exceeded',
  ])('is pulled again after what is known to pass: %s', async (inspectError) => {
    await docker.play({ inspectError })
    const { ports, configuration } = await open(() => docker.play({}))
    await expect(inspectExisting('theirs', configuration, ports)).resolves.toMatchObject({
      driver: 'docker-container',
    })
    expect(rests).toEqual([1_000])
    expect(ports.report.warnings).toEqual([
      `docker failed: ${inspectError.replace('ERROR: ', '')}; trying again`,
    ])
  })

  it('is pulled three times at most', async () => {
    await docker.play({ inspectError: 'ERROR: unexpected EOF' })
    const { ports, configuration } = await open(() => Promise.resolve())
    await expect(inspectExisting('theirs', configuration, ports)).rejects.toMatchObject({
      code: 'builder-unavailable',
    })
    expect([await asks(), rests]).toEqual([3, [1_000, 2_000]])
  })

  it('is not asked for again past a rate limit, which is told with what helps', async () => {
    const inspectError =
      'ERROR: Error response from daemon: toomanyrequests: You have reached your unauthenticated pull rate limit.'
    await docker.play({ inspectError })
    const { ports, configuration } = await open(() => docker.play({}))
    await expect(inspectExisting('theirs', configuration, ports)).rejects.toMatchObject({
      code: 'builder-unavailable',
      message: expect.stringContaining('the registry of its image refuses more pulls'),
      remedy: expect.stringMatching(/docker\/login-action.*`driver-opts: image=…`/),
    })
    expect(await asks()).toBe(1)
  })

  it('is not what a node lacks that cannot be reached', async () => {
    const inspectError =
      '#1 [internal] waiting for connection\n#1 ERROR: context deadline exceeded\nERROR: context deadline exceeded'
    await docker.play({ inspectError })
    const { ports, configuration } = await open(() => docker.play({}))
    await expect(inspectExisting('theirs', configuration, ports)).rejects.toMatchObject({
      code: 'builder-unavailable',
    })
    expect(await asks()).toBe(1)
  })
})

it('the image of the emulators is pulled again after what is known to pass', async () => {
  await docker.play({ helperError: 'docker: unexpected EOF' })
  await docker.setKernel({ native: ['linux/amd64'] })
  const { ports, configuration } = await open(() => docker.play({}))
  const helper = { engine: '--context=default', image: 'docker.io/tonistiigi/binfmt:1' }
  await expect(readKernelEmulation(helper, configuration, ports)).resolves.toMatchObject({
    platforms: ['linux/amd64'],
  })
  expect(rests).toEqual([1_000])
})

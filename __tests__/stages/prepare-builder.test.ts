import { readFile, stat } from 'node:fs/promises'

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { BuilderInputs } from '../../src/core/inputs/build/builder.ts'
import type { Platform } from '../../src/core/image/platform.ts'
import type { DockerConfiguration } from '../../src/ports/docker-credentials.ts'
import { prepareBuilder } from '../../src/stages/builder/prepare-builder.ts'
import { buildPorts, type BuildPorts } from '../support/build-ports.ts'
import { binfmtImage, ownBuilder } from '../support/own-builder.ts'
import { RecordingDocker } from '../support/recording-docker.ts'

const own = ownBuilder({
  driver: 'remote',
  endpoint: 'tcp://127.0.0.1:1234',
  driverOptions: ['default-load=false'],
})

let docker: RecordingDocker
let ports: BuildPorts
let configuration: DockerConfiguration
beforeEach(async () => {
  docker = await RecordingDocker.prepare()
  ports = buildPorts(docker)
  configuration = await ports.dockerCredentials.open()
})
afterEach(async () => docker.remove())

const both: readonly Platform[] = ['linux/amd64', 'linux/arm64']
const prepare = async (builder: BuilderInputs, platforms = both): Promise<string> => {
  const { name } = await prepareBuilder(
    { builder, build: { platforms }, push: { byDigest: false, attested: true } },
    configuration,
    ports,
  )
  return name
}

describe('a builder of ours', () => {
  it('is made as the inputs say, and left to the post step', async () => {
    const name = await prepare(own)
    const calls = await docker.calls()
    expect(calls[1]?.argv).toEqual([
      'buildx',
      'create',
      `--name=${name}`,
      '--driver=remote',
      '--driver-opt=default-load=false',
      '--',
      'tcp://127.0.0.1:1234',
    ])
    expect(ports.saved.builders).toEqual([name])
  })

  it('is used again where it is still there', async () => {
    const name = await prepare(own)
    expect(await prepare(own)).toBe(name)
    expect(await docker.verbs()).toEqual(['inspect', 'create', 'inspect', 'inspect'])
  })

  it('is not left to the post step where it is to be kept', async () => {
    await prepare({ ...own, keep: true })
    expect(ports.saved.builders).toEqual([])
  })

  it("is made with the private Docker configuration and the user's list of builders", async () => {
    await prepare(own)
    for (const { environment } of await docker.calls()) {
      expect(environment['DOCKER_CONFIG']).toBe(configuration.environment['DOCKER_CONFIG'])
      expect(environment['BUILDX_CONFIG']).toBe(docker.path('home/.docker/buildx'))
    }
  })

  it("that cannot be made is told with docker's words", async () => {
    await docker.play({ createError: 'ERROR: failed to pull moby/buildkit: no route to host' })
    await expect(prepare(own)).rejects.toMatchObject({
      code: 'builder-unavailable',
      message: expect.stringContaining('no route to host'),
    })
  })
})

describe('a builder of the user', () => {
  const theirs: BuilderInputs = { kind: 'existing', name: 'theirs', binfmtImage }
  const cluster = 'kubernetes:///theirs?deployment=theirs0&kubeconfig='

  it('is brought up and never made, changed or left to the post step', async () => {
    await docker.addBuilder('theirs', 'docker-container', 'linux/amd64*, linux/arm64')
    expect(await prepare(theirs)).toBe('theirs')
    expect((await docker.calls()).map(({ argv }) => argv)).toEqual([
      ['buildx', 'inspect', '--bootstrap', '--builder=theirs'],
    ])
    expect(ports.saved.builders).toEqual([])
  })

  it('in Kubernetes is used as it is, however many pods a node has', async () => {
    await docker.addBuilder('theirs', 'kubernetes', 'linux/amd64, linux/arm64', cluster, 2)
    const needs = { builder: theirs, build: { platforms: both } }
    const found = { name: 'theirs', driver: 'kubernetes', nodes: 1 }
    expect(await prepareBuilder(needs, configuration, ports)).toEqual(found)
    expect(await docker.verbs()).toEqual(['inspect'])
    expect(ports.report.lines).toEqual([
      'builder theirs (kubernetes): linux/amd64, linux/arm64 can be built',
    ])
  })

  it('in Kubernetes gets no emulators: its kernels are those of other machines', async () => {
    await docker.addBuilder('theirs', 'kubernetes', 'linux/amd64', cluster)
    await expect(prepare(theirs)).rejects.toMatchObject({
      code: 'platform-unsupported',
      message:
        'builder "theirs" cannot build linux/arm64; it has linux/amd64, and it is not on this machine',
    })
    expect(await docker.verbs()).toEqual(['inspect'])
  })

  it('that is not there is told by name', async () => {
    await expect(prepare(theirs)).rejects.toMatchObject({
      code: 'builder-unavailable',
      message: 'no builder "theirs" found',
    })
  })

  it('without a platform is refused before the build, with what it has', async () => {
    await docker.addBuilder('theirs', 'remote', 'linux/amd64, linux/386')
    await expect(prepare(theirs)).rejects.toMatchObject({
      code: 'platform-unsupported',
      message:
        'builder "theirs" cannot build linux/arm64; it has linux/amd64, linux/386, and it is not on this machine',
    })
  })
})

describe('a configuration of the daemon', () => {
  it('reaches buildx in a file of this run, never in an argument', async () => {
    const text = '[registry."mirror:5000"]\n  http = true\n'
    await prepare(ownBuilder({ buildkitdConfig: text, buildkitdFlags: '--debug' }))
    const create = (await docker.calls())[1]?.argv ?? []
    const file = create.find((argument) => argument.startsWith('--config='))?.slice(9) ?? ''
    expect(file).toContain(configuration.environment['DOCKER_CONFIG'])
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readFile(docker.path('buildkitd.toml'), 'utf8')).toBe(text)
    expect(create).toContain('--buildkitd-flags=--debug')
    await configuration.dispose()
    await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

describe("the engine's own builder", () => {
  const engine: BuilderInputs = { kind: 'engine', binfmtImage }
  const containerd = [['driver-type', 'io.containerd.snapshotter.v1']]
  const modern = { ServerVersion: '29.1.0', DriverStatus: containerd }
  beforeEach(async () => {
    await docker.addBuilder('default', 'docker', 'linux/amd64, linux/arm64', 'default')
  })

  it('pushes several platforms where it keeps images in containerd', async () => {
    await docker.play({ info: modern })
    expect(await prepare(engine)).toBe('default')
    expect((await docker.calls()).map(({ argv }) => argv)).toEqual([
      ['context', 'show'],
      ['buildx', 'inspect', '--bootstrap', '--builder=default'],
      ['--context=default', 'info', '--format={{json .}}'],
    ])
    expect(ports.saved.builders).toEqual([])
  })

  it('is the one of the current context', async () => {
    await docker.addBuilder('rootless', 'docker', 'linux/amd64, linux/arm64', 'rootless')
    await docker.play({ info: modern, context: 'rootless' })
    expect(await prepare(engine)).toBe('rootless')
  })

  it.each<[string, object, readonly Platform[], string]>([
    [
      'an older engine',
      { ...modern, ServerVersion: '27.5.1' },
      both,
      'builder "default" has the docker driver, which can push multi-platform images only from Docker 28 on; this engine is 27.5.1',
    ],
    [
      'the old image store',
      { ...modern, DriverStatus: [['Backing Filesystem', 'extfs']] },
      ['linux/amd64'],
      'builder "default" has the docker driver, which needs the containerd image store, which Docker 29.1.0 does not use here',
    ],
  ])('is refused with %s, with the reason', async (_what, info, platforms, message) => {
    await docker.play({ info })
    const refused = { code: 'builder-unsuitable', message }
    await expect(prepare(engine, platforms)).rejects.toMatchObject(refused)
    await expect(
      prepare({ kind: 'existing', name: 'default', binfmtImage }, platforms),
    ).rejects.toMatchObject(refused)
  })

  it('refuses attestations with an older engine, and says how it can do', async () => {
    await docker.play({ info: { ...modern, ServerVersion: '26.1.5+dfsg1' } })
    await expect(prepare(engine, ['linux/amd64'])).rejects.toMatchObject({
      code: 'builder-unsuitable',
      message:
        'builder "default" has the docker driver, which can push attestations only from Docker 28 on; this engine is 26.1.5+dfsg1',
      remedy: expect.stringMatching(/, or push without attestations \(`provenance: false`\)\.$/),
    })
  })

  it.each([
    [
      'pushes one platform without attestations',
      ['linux/amd64'] as const,
      { byDigest: false, attested: false },
    ],
    ['builds several platforms that go nowhere', both, undefined],
  ])('%s with an older engine, too', async (_what, platforms, push) => {
    await docker.play({ info: { ...modern, ServerVersion: '27.5.1' } })
    const needs = { builder: engine, build: { platforms }, ...(push && { push }) }
    const { name } = await prepareBuilder(needs, configuration, ports)
    expect(name).toBe('default')
  })

  it('is refused where the build gets no tag', async () => {
    await docker.play({ info: modern })
    const push = { byDigest: true, attested: true }
    const needs = { builder: engine, build: { platforms: both }, push }
    await expect(prepareBuilder(needs, configuration, ports)).rejects.toMatchObject({
      code: 'builder-unsuitable',
      message: expect.stringContaining('cannot push by digest'),
    })
  })

  it('of no running engine is told so', async () => {
    await expect(prepare(engine)).rejects.toMatchObject({ code: 'docker-unavailable' })
  })
})

describe('a machine without', () => {
  it('buildx is told so', async () => {
    await docker.play({ noPlugin: true })
    await expect(prepare(own)).rejects.toMatchObject({
      code: 'docker-unavailable',
      message: 'docker has no buildx plugin',
    })
  })

  it('a running engine is told so', async () => {
    await docker.play({
      inspectError:
        'ERROR: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
    })
    await expect(prepare(own)).rejects.toMatchObject({ code: 'docker-unavailable' })
  })
})

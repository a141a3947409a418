import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { BuilderInputs } from '../../src/core/inputs/inputs.ts'
import type { DockerConfiguration } from '../../src/ports/docker-credentials.ts'
import { prepareBuilder } from '../../src/stages/prepare-builder.ts'
import { buildPorts, type BuildPorts } from '../support/build-ports.ts'
import { imagePlan } from '../support/image-plan.ts'
import { RecordingDocker } from '../support/recording-docker.ts'

const own: BuilderInputs = {
  kind: 'own',
  driver: 'remote',
  endpoint: 'tcp://127.0.0.1:1234',
  driverOptions: ['default-load=false'],
  keep: false,
}

let docker: RecordingDocker
let ports: BuildPorts
let configuration: DockerConfiguration
beforeEach(async () => {
  docker = await RecordingDocker.prepare()
  ports = buildPorts(docker)
  configuration = await ports.dockerCredentials.open()
})
afterEach(async () => docker.remove())

const prepare = (builder: BuilderInputs): Promise<string> =>
  prepareBuilder(imagePlan({ builder }), configuration, ports)

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
  const theirs: BuilderInputs = { kind: 'existing', name: 'theirs' }

  it('is brought up and never made, changed or left to the post step', async () => {
    await docker.addBuilder('theirs', 'docker-container', 'linux/amd64*, linux/arm64')
    expect(await prepare(theirs)).toBe('theirs')
    expect((await docker.calls()).map(({ argv }) => argv)).toEqual([
      ['buildx', 'inspect', '--bootstrap', '--builder=theirs'],
    ])
    expect(ports.saved.builders).toEqual([])
  })

  it('that is not there is told by name', async () => {
    await expect(prepare(theirs)).rejects.toMatchObject({
      code: 'builder-unavailable',
      message: 'no builder "theirs" found',
    })
  })

  it('with the docker driver is refused', async () => {
    await docker.addBuilder('theirs', 'docker', 'linux/amd64, linux/arm64')
    await expect(prepare(theirs)).rejects.toMatchObject({ code: 'builder-unsuitable' })
  })

  it('without a platform is refused before the build, with what it has', async () => {
    await docker.addBuilder('theirs', 'remote', 'linux/amd64, linux/386')
    await expect(prepare(theirs)).rejects.toMatchObject({
      code: 'platform-unsupported',
      message: 'builder "theirs" cannot build linux/arm64; it has linux/amd64, linux/386',
    })
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

import { readFileSync } from 'node:fs'

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { VirtualClock } from '../../simulator/clock/virtual-clock.ts'
import type { Platform } from '../../src/core/image/platform.ts'
import type { BuilderInputs } from '../../src/core/inputs/build/builder.ts'
import type { DockerConfiguration } from '../../src/ports/docker-credentials.ts'
import { prepareBuilder } from '../../src/stages/builder/prepare-builder.ts'
import { buildPorts, type BuildPorts } from '../support/build-ports.ts'
import { binfmtImage, ownBuilder } from '../support/own-builder.ts'
import { RecordingDocker, type RecordedKernel } from '../support/recording-docker.ts'
import { SimulatedClock } from '../support/simulated-clock.ts'

const engine = '--host=unix:///var/run/docker.sock'
const helper = [engine, 'run', '--rm', '--privileged', '--network=none', binfmtImage]
/** A machine that runs amd64 and nothing else. */
const plain = { platforms: 'linux/amd64, linux/386' }

let docker: RecordingDocker
let ports: BuildPorts
let configuration: DockerConfiguration
let clock: SimulatedClock
beforeEach(async () => {
  docker = await RecordingDocker.prepare(plain)
  clock = new SimulatedClock(new VirtualClock())
  ports = buildPorts(docker, { clock })
  configuration = await ports.dockerCredentials.open()
})
afterEach(async () => docker.remove())

const both: readonly Platform[] = ['linux/amd64', 'linux/arm64']
const prepare = async (builder: BuilderInputs, platforms = both): Promise<string> => {
  const { name } = await prepareBuilder({ builder, build: { platforms } }, configuration, ports)
  return name
}

/** What docker was asked, without the inspections. */
async function deeds(): Promise<readonly (readonly string[])[]> {
  const calls = await docker.calls()
  return calls.map(({ argv }) => argv).filter(([, verb]) => verb !== 'inspect' && verb !== 'create')
}

describe('emulation for a builder of ours', () => {
  it('registers exactly what is missing, and has the builder look again', async () => {
    const name = await prepare(ownBuilder(), [...both, 'linux/s390x'])
    expect(await deeds()).toEqual([
      helper,
      [...helper, '--install', 'arm64,s390x'],
      ['buildx', 'stop', name],
    ])
    expect((await docker.kernel()).handlers).toEqual(['qemu-aarch64', 'qemu-s390x'])
    expect(ports.report.lines).toContain(
      'linux/arm64, linux/s390x is emulated by QEMU: expect several times the time of a native node',
    )
  })

  it('is left to the post step before it is registered', async () => {
    const save = ports.postState.saveEmulators.bind(ports.postState)
    const handlersThen: (readonly string[])[] = []
    ports.postState.saveEmulators = (on, handlers) => {
      const kernel = readFileSync(docker.path('kernel.json'), 'utf8')
      handlersThen.push((JSON.parse(kernel) as RecordedKernel).handlers)
      save(on, handlers)
    }
    await prepare(ownBuilder())
    expect(handlersThen).toEqual([[]])
    expect(ports.saved.emulators).toEqual([`+${engine} qemu-aarch64`])
  })

  it('stays with the post step where nobody knows how its registration ended', async () => {
    await docker.play({ ...plain, installError: 'docker: error waiting for container: EOF' })
    await expect(prepare(ownBuilder())).rejects.toMatchObject({
      code: 'platform-unsupported',
      message: expect.stringContaining('error waiting for container: EOF'),
    })
    expect(ports.saved.emulators).toEqual([`+${engine} qemu-aarch64`])
  })

  it('leaves alone what somebody else is faster to register', async () => {
    await docker.play({ ...plain, takenMeanwhile: ['qemu-aarch64'] })
    await prepare(ownBuilder())
    expect(ports.saved.emulators).toEqual([`+${engine} qemu-aarch64`, `-${engine} qemu-aarch64`])
  })

  it('needs nothing where the machine emulates already', async () => {
    await docker.setKernel({ emulated: ['linux/arm64'], handlers: ['qemu-aarch64'] })
    await prepare(ownBuilder())
    expect(await deeds()).toEqual([])
    expect(ports.saved.emulators).toEqual([])
  })

  it('needs nothing for native platforms', async () => {
    await prepare(ownBuilder(), ['linux/amd64', 'linux/386'])
    expect(await deeds()).toEqual([])
  })
})

describe('emulation for a builder that others may use', () => {
  it.each<[string, BuilderInputs]>([
    ['one of the user', { kind: 'existing', name: 'theirs', binfmtImage }],
    ['one of a context', { kind: 'existing', name: 'elsewhere', binfmtImage }],
  ])('waits until %s looks by itself, and stops nothing', async (_what, builder) => {
    await docker.addBuilder('theirs', 'docker-container', 'linux/amd64')
    await docker.addBuilder('elsewhere', 'docker-container', 'linux/amd64', 'rootless')
    const start = clock.monotonicMs()
    await prepare(builder)
    const { name } = builder as { name: string }
    const asked = await deeds()
    const on = name === 'theirs' ? engine : '--context=rootless'
    expect(asked.map(([first]) => first)).toEqual([on, on])
    expect(await docker.verbs()).not.toContain('stop')
    expect(clock.monotonicMs() - start).toBe(21_000)
  })
})

describe('a missing platform', () => {
  const own = ownBuilder()
  it.each<[string, BuilderInputs, string]>([
    ['with emulation off', { ...own, binfmtImage: undefined }, 'and `emulation` is off'],
    [
      'of a remote builder',
      ownBuilder({ driver: 'remote', endpoint: 'tcp://builder:1234' }),
      'and it is not on this machine',
    ],
    ['of a builder on another machine', ownBuilder({ endpoint: 'ssh://b' }), 'not on this machine'],
  ])('%s ends the run before the build', async (_what, builder, reason) => {
    await expect(prepare(builder)).rejects.toMatchObject({
      code: 'platform-unsupported',
      message: expect.stringContaining(reason),
      remedy: expect.stringContaining('docker/setup-qemu-action'),
    })
    expect(await deeds()).toEqual([])
    expect(ports.report.begun).toBe(false)
  })

  it('whose emulation nobody can register ends the run with docker’s words', async () => {
    const helperError =
      "Unable to find image locally\ndocker: toomanyrequests: pull rate limit\nSee 'docker run --help'."
    await docker.play({ ...plain, helperError })
    await expect(prepare(own)).rejects.toMatchObject({
      code: 'platform-unsupported',
      message: expect.stringMatching(/toomanyrequests: pull rate limit$/),
    })
    expect(ports.saved.emulators).toEqual([])
  })

  it('that a handler of somebody else does not run is not registered over it', async () => {
    await docker.setKernel({ handlers: ['qemu-aarch64'] })
    await expect(prepare(own)).rejects.toMatchObject({
      code: 'platform-unsupported',
      message: expect.stringContaining('qemu-aarch64 is registered already'),
    })
    expect(await deeds()).toEqual([helper])
  })

  it('of another system is never emulated', async () => {
    await expect(prepare(own, ['windows/amd64'])).rejects.toMatchObject({
      code: 'platform-unsupported',
      message: expect.stringContaining('no emulation of windows/amd64'),
    })
  })

  it('of another system is built where the builder reports it', async () => {
    await docker.addBuilder('windows', 'remote', 'windows/amd64', 'tcp://windows:1234')
    const theirs: BuilderInputs = { kind: 'existing', name: 'windows', binfmtImage }
    expect(await prepare(theirs, ['windows/amd64'])).toBe('windows')
  })
})

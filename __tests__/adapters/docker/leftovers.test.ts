import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { configurationPrefix } from '../../../src/adapters/docker/configuration.ts'
import {
  removeBuilder,
  removeDockerConfiguration,
  removeEmulators,
} from '../../../src/adapters/docker/leftovers.ts'
import { createProcesses } from '../../../src/adapters/process/processes.ts'
import type { Processes } from '../../../src/ports/processes.ts'
import { RecordingDocker } from '../../support/recording-docker.ts'

const engine = '--host=unix:///var/run/docker.sock'
const image = 'binfmt:1'

let docker: RecordingDocker
let processes: Processes
beforeEach(async () => {
  docker = await RecordingDocker.prepare()
  processes = createProcesses(docker.environment)
})
afterEach(async () => docker.remove())

describe('a Docker configuration that a run left', () => {
  const remove = (name: string): Promise<boolean> =>
    removeDockerConfiguration(join(tmpdir(), `${configurationPrefix}${name}`), tmpdir())

  it('is not there to remove where the run took it away itself', async () => {
    expect(await remove('gone')).toBe(false)
  })

  it('is not told to be gone where it cannot be looked at', async () => {
    await expect(remove('x'.repeat(300))).rejects.toThrow('ENAMETOOLONG')
  })
})

describe('a builder that a run left', () => {
  const ours = 'steadyship-0123456789ab'

  it('is removed, and removed again without a word', async () => {
    await docker.addBuilder(ours, 'docker-container', 'linux/amd64')
    expect(await removeBuilder(ours, processes)).toBe(true)
    expect(await removeBuilder(ours, processes)).toBe(false)
  })

  it.each(['theirs', '--all-inactive', `${ours}x`, ''])('is not %j', async (name) => {
    await expect(removeBuilder(name, processes)).rejects.toThrow('not one that this action made')
    expect(await docker.calls()).toEqual([])
  })
})

describe('emulators that a run left', () => {
  const remove = (handlers: readonly string[], on = engine): Promise<void> =>
    removeEmulators({ engine: on, handlers }, image, processes)

  it('are taken back, others stay, and once more is no problem', async () => {
    await docker.setKernel({ handlers: ['qemu-aarch64', 'qemu-s390x', 'python3'] })
    await remove(['qemu-aarch64'])
    await remove(['qemu-aarch64'])
    expect((await docker.kernel()).handlers).toEqual(['qemu-s390x', 'python3'])
    expect((await docker.calls())[0]?.argv).toEqual([
      ...[engine, 'run', '--rm', '--privileged', '--network=none', image],
      ...['--uninstall', 'qemu-aarch64'],
    ])
  })

  it.each<[readonly string[], string]>([
    [['python3'], engine],
    [['*'], engine],
    [['qemu-aarch64', '../status'], engine],
    [['qemu-aarch64'], '--host=tcp://elsewhere:2375'],
    [['qemu-aarch64'], '--privileged'],
    [['qemu-aarch64'], '--host=default'],
  ])('are not %j on %s', async (handlers, on) => {
    await expect(remove(handlers, on)).rejects.toThrow('nothing that this action registers')
    expect(await docker.calls()).toEqual([])
  })

  it("that cannot be taken back are told with docker's words", async () => {
    await docker.play({ helperError: 'docker: Cannot connect to the Docker daemon' })
    await expect(remove(['qemu-aarch64'])).rejects.toThrow('Cannot connect')
  })
})

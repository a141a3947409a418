import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { BundleWorld } from '../support/bundle-world.ts'
import { annotated } from '../support/run-end.ts'

const release = { repository: 'team/web', cluster: 'main', service: 'web' }
/** A machine that runs amd64 and nothing else. */
const plain = { platforms: 'linux/amd64' }

describe('emulators that main registered', () => {
  let world: BundleWorld
  beforeEach(async () => {
    world = await BundleWorld.create()
    await world.docker.setKernel({ handlers: ['python3'] })
  })
  afterEach(async () => {
    await world.close()
  })

  const registryUrl = (): string => world.simulator.url
  const handlers = async (): Promise<readonly string[]> => (await world.docker.kernel()).handlers

  it('serve the build and are taken back by post, and no others', async () => {
    await world.docker.play({ ...plain, registryUrl: registryUrl() })
    const { main, post } = await world.run({ repository: 'team/web' })
    expect(main.outputs['outcome']).toBe('pushed')
    const verbs = (await world.docker.calls()).map(({ argv }) => argv.at(-2))
    expect(verbs).toEqual(expect.arrayContaining(['--install', '--uninstall']))
    expect(post).toMatchObject({ exitCode: 0, annotations: [] })
    expect(await handlers()).toEqual(['python3'])
  })

  it('are taken back where main was killed', async () => {
    await world.docker.play({ ...plain, hang: true })
    const run = world.run(release)
    const build = await world.dockerCall('build')
    expect(await handlers()).toEqual(['python3', 'qemu-aarch64'])
    process.kill(build.parentPid, 'SIGKILL')
    // What the dead main cannot end any more is ours: it was started by this test's docker.
    process.kill(build.pid, 'SIGKILL')
    const { post } = await run
    expect(post).toMatchObject({ exitCode: 0, annotations: [] })
    expect(await handlers()).toEqual(['python3'])
  })

  it.each([
    { '--host=unix:///var/run/docker.sock': ['python3'] },
    { '--host=tcp://elsewhere:2375': ['qemu-aarch64'] },
    { '--privileged': ['qemu-aarch64'] },
  ])('are not what forged state %j says', async (forged) => {
    const { post } = await world.run(
      { mode: 'none' },
      { forgedState: { emulators: JSON.stringify(forged) } },
    )
    expect(post?.exitCode).toBe(0)
    expect(post === undefined ? [] : annotated(post, 'warning')).toEqual([
      expect.stringContaining('could not be removed'),
    ])
    expect(await world.docker.calls()).toEqual([])
  })
})

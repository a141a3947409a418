import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { BundleWorld } from '../support/bundle-world.ts'
import { annotated } from '../support/run-end.ts'

const release = { repository: 'team/web', cluster: 'main', service: 'web' }

describe('the post step', () => {
  let world: BundleWorld
  beforeEach(async () => {
    world = await BundleWorld.create()
  })
  afterEach(async () => {
    await world.close()
  })

  it('takes away the login and the builder of a main that was killed', async () => {
    await world.docker.play({ hang: true })
    const run = world.run(release)
    const build = await world.dockerCall('build')
    const atBuild = await world.credentialFiles()
    process.kill(build.parentPid, 'SIGKILL')
    // What the dead main cannot end any more is ours: it was started by this test's docker.
    process.kill(build.pid, 'SIGKILL')
    const { main, post } = await run

    expect(main.exitCode).toBe(137)
    expect(atBuild).toEqual([expect.stringMatching(/steadyship-docker-\w+\/config\.json$/)])
    expect(await world.credentialFiles()).toEqual([])
    expect(post).toMatchObject({ exitCode: 0, annotations: [] })
    expect(await world.docker.verbs()).toContain('rm')
  })

  it('leaves the login where main has taken it away already', async () => {
    const { main, post } = await world.run({ repository: 'team/web' })
    expect(main.outputs['outcome']).toBe('pushed')
    expect(await world.credentialFiles()).toEqual([])
    expect(post).toMatchObject({ exitCode: 0, annotations: [] })
  })

  describe('with state that somebody forged', () => {
    const secret = 'precious'
    let victim: string
    let temporary: string
    beforeEach(async () => {
      temporary = world.docker.path('temporary/_temp')
      victim = world.docker.path('home/steadyship-docker-0123456789abcdef')
      for (const folder of [victim, temporary]) await mkdir(folder, { recursive: true })
      await writeFile(join(victim, 'config.json'), secret)
      await symlink(victim, join(temporary, 'steadyship-docker-link'))
    })

    it.each<[string, () => string]>([
      ['a path outside of the temporary folder', () => victim],
      ['a way out of it', () => `${temporary}/steadyship-docker-x/../../../home`],
      [
        'a way out that is named like ours',
        () => `${temporary}/../../home/steadyship-docker-0123456789abcdef`,
      ],
      ['a link in it', () => join(temporary, 'steadyship-docker-link')],
      ['the temporary folder itself', () => temporary],
    ])('removes nothing for %s, and warns', async (_what, path) => {
      const { post } = await world.run(
        { mode: 'none' },
        { forgedState: { 'docker-configuration': path() } },
      )
      expect(post?.exitCode).toBe(0)
      expect(annotated(post ?? fail(), 'warning')).toEqual([
        expect.stringContaining('could not be removed'),
      ])
      expect(await readFile(join(victim, 'config.json'), 'utf8')).toBe(secret)
      expect(await readFile(join(temporary, 'steadyship-docker-link/config.json'), 'utf8')).toBe(
        secret,
      )
    })

    it.each(['team-builder', '--all-inactive', 'steadyship-mine'])(
      'removes no builder %s, and warns',
      async (builder) => {
        await world.docker.addBuilder(builder, 'docker-container', 'linux/amd64')
        const { post } = await world.run({ mode: 'none' }, { forgedState: { builder } })
        expect(post?.exitCode).toBe(0)
        expect(annotated(post ?? fail(), 'warning')).toEqual([expect.stringContaining(builder)])
        expect(await world.docker.calls()).toEqual([])
      },
    )
  })
})

function fail(): never {
  throw new Error('post did not run')
}

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { BundleWorld } from '../support/bundle-world.ts'

const release = { repository: 'team/web', cluster: 'main', service: 'web', 'dry-run': 'true' }
const secret = 'never-to-be-read'

describe('the bundle, with dry-run', () => {
  let world: BundleWorld
  beforeEach(async () => {
    world = await BundleWorld.create()
  })
  afterEach(async () => {
    await world.close()
  })

  it('tells its plan in log, summary and output, and leaves the world as it is', async () => {
    const variables = { 'environment-variables': `LOG_LEVEL=${secret}` }
    const { main, post } = await world.run({ ...release, ...variables })
    expect([main.exitCode, post?.exitCode]).toEqual([0, 0])
    expect(main.outputs).toMatchObject({ outcome: 'planned', changed: 'false', verified: 'false' })
    expect(JSON.parse(main.outputs['plan'] ?? '')).toMatchObject({
      ...{ version: 1, mode: 'release' },
      images: [{ action: 'build', digest: 'pending' }],
      services: [{ action: 'deploy', newRevision: 'pending' }],
    })
    expect(main.outputs).not.toHaveProperty('digest')
    expect(main.summary).toContain('environment.LOG_LEVEL: added')
    expect(main.log.join('\n')).toContain('environment.LOG_LEVEL: added')
    // The runner itself shows what it was given, before the action begins.
    const own = main.log.slice(main.log.indexOf('##[endgroup]') + 1)
    const told = [own.join('\n'), main.summary, JSON.stringify(main.outputs)].join('\n')
    expect(own.length).toBeGreaterThan(10)
    expect(told).not.toContain(secret)
    expect(world.asked().filter((name) => /:(Put|Register|Update|Run|Stop)/.test(name))).toEqual([])
    expect(await world.docker.calls()).toEqual([])
    expect(await world.credentialFiles()).toEqual([])
  })

  it('is red where the plan cannot be made', async () => {
    const { main } = await world.run({ ...release, service: 'gone' })
    expect([main.exitCode, main.outputs['outcome']]).toEqual([1, 'refused'])
    expect(main.outputs).not.toHaveProperty('plan')
  })
})

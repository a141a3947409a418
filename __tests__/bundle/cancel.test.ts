import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { BundleWorld, type BundleRun } from '../support/bundle-world.ts'
import { expectRed } from '../support/run-end.ts'
import { isAlive } from '../support/is-alive.ts'
import { until } from '../support/until.ts'

const release = { repository: 'team/web', cluster: 'main', service: 'web' }
const writes = /^ecr:PutImage|^registry:|^ecs:(Register|Update|Create|Delete|Stop)/
/** The runner kills what has not ended 7.5 s after its first signal. */
const endsWithinMs = 5_000

describe('the bundle, when the job is cancelled', () => {
  let world: BundleWorld
  beforeEach(async () => {
    world = await BundleWorld.create({
      container: { healthCheck: { command: ['CMD', 'probe'] } },
    })
    world.simulator.requests.clear()
  })
  afterEach(async () => {
    await world.close()
  })

  /** Cancels the run once `when` is there. */
  async function cancelled(
    inputs: Record<string, string>,
    when: () => Promise<unknown>,
  ): Promise<BundleRun & { readonly tookMs: number; readonly after: readonly string[] }> {
    const controller = new AbortController()
    const run = world.run(inputs, { cancelled: controller.signal })
    await Promise.race([when(), run])
    const before = world.asked().length
    const startMs = performance.now()
    controller.abort()
    const { main, post } = await run
    return { main, post, tookMs: performance.now() - startMs, after: world.asked().slice(before) }
  }

  it('while it builds: ends at once, takes docker with it, and leaves nothing behind', async () => {
    await world.docker.play({ hang: true })
    const { main, post, tookMs, after } = await cancelled(release, async () => {
      expect(isAlive((await world.dockerCall('build')).pid)).toBe(true)
    })

    expectRed(main, 'cancelled', 'cancelled')
    expect([main.conclusion, main.signalled]).toEqual(['cancelled', 'SIGINT'])
    expect(tookMs).toBeLessThan(endsWithinMs)
    const { pid } = await world.dockerCall('build')
    expect(isAlive(pid)).toBe(false)
    expect(after.filter((call) => writes.test(call))).toEqual([])
    expect(world.asked().filter((call) => call.startsWith('ecs:Update'))).toEqual([])
    expect(main.outputs['changed']).toBe('false')
    expect(post?.exitCode).toBe(0)
    expect(await world.credentialFiles()).toEqual([])
  })

  it('while it waits: ends at once, writes nothing more, and says what goes on in AWS', async () => {
    world.script({ 'web:2': { neverHealthy: true } })
    const inputs = { ...release, 'wait-for-minutes': '360' }
    const { main, post, tookMs, after } = await cancelled(inputs, () =>
      until(() => (looksAfterUpdate(world.asked()) > 0 ? true : undefined)),
    )

    expectRed(main, 'cancelled', 'cancelled')
    expect(main.signalled).toBe('SIGINT')
    expect(tookMs).toBeLessThan(endsWithinMs)
    expect(after.filter((call) => writes.test(call))).toEqual([])
    const going = /Still going on: service .* rolls out web:2: arn:aws:ecs:.*service-deployment/
    expect(main.log.join('\n')).toMatch(going)
    expect(main.summary).toContain('Still going on: ')
    expect(main.outputs).toMatchObject({
      changed: 'true',
      verified: 'false',
      digest: expect.stringMatching(/^sha256:/),
      'task-definition-arn': expect.stringMatching(/web:2$/),
      'deployment-id': expect.stringMatching(/^ecs-svc\//),
      'deployment-arn': expect.stringContaining(':service-deployment/main/web/'),
    })
    expect(post?.exitCode).toBe(0)
  })
})

function looksAfterUpdate(asked: readonly string[]): number {
  const update = asked.indexOf('ecs:UpdateService')
  return update < 0
    ? 0
    : asked.slice(update).filter((call) => call === 'ecs:DescribeServices').length
}

import { afterEach, describe, expect, it } from '@jest/globals'

import { EcsWorld, type WorldOptions } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'

const targetGroupArn =
  'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef'
/** One new task after the other; no circuit breaker. */
const service = {
  loadBalancers: [{ targetGroupArn, containerName: 'app', containerPort: 80 }],
  deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 150 },
}
const crashing = { exitsAfterMs: 5_000, exitCode: 3 }

let world: EcsWorld
afterEach(async () => {
  await world.close()
})

/** The first new task is well and stays. The one after it crashes again and again for a minute. */
async function deployBesideHealthy(options: WorldOptions = {}) {
  world = await EcsWorld.create({ service, ...options })
  const startMs = world.clock.monotonicMs()
  world.clock.onRest = (nowMs) => {
    const crashes = nowMs - startMs > 6_000 && nowMs - startMs < 70_000
    world.script({ 'web:2': crashes ? crashing : {} })
  }
  const { outcome, evidence } = await world.deploy(pushedImage(1))
  const asked = world.requestsOfBalancer().filter((name) => name === 'DescribeTargetHealth')
  return { outcome, evidence, asked: asked.length }
}

describe('failures behind a load balancer that no circuit breaker judges', () => {
  it('do not end the wait while the target of a new task is healthy', async () => {
    const { outcome, asked } = await deployBesideHealthy()
    expect(outcome).toBe('deployed')
    // Only where failures are judged: not at every look.
    expect(asked).toBeGreaterThan(0)
    expect(asked).toBeLessThan(4)
  })

  it('end it where targets may not be read: ECS counts on while a healthy task is not new', async () => {
    const allow = ['ecs:*', 'iam:PassRole']
    const { outcome, asked } = await deployBesideHealthy({ allow })
    expect([outcome, asked]).toEqual(['failed', 1])
    expect(world.report.warnings.join()).toContain('elasticloadbalancing:DescribeTargetHealth')
  })

  it('end it where no target is', async () => {
    world = await EcsWorld.create({ service })
    world.script({ 'web:2': crashing })
    const { outcome, error } = await world.deploy(pushedImage(1))
    expect(outcome).toBe('failed')
    expect(error?.message).toContain('none was healthy in between')
  })
})

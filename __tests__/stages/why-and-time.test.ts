import { afterEach, describe, expect, it } from '@jest/globals'

import { EcsWorld, type WorldOptions } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'
import { withBreaker } from '../support/rollout-scenarios.ts'

const targetGroupArn =
  'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef'
const loadBalancers = [{ targetGroupArn, containerName: 'app', containerPort: 80 }]
const balanced = { loadBalancers }
const failing = { failsTargetChecks: 'Health checks failed with these codes: [502]' }
const withoutBalancer = ['ecs:*', 'iam:PassRole']

let current: EcsWorld | undefined
afterEach(async () => {
  await current?.close()
  current = undefined
})

async function createWorld(options: WorldOptions = {}): Promise<EcsWorld> {
  current = await EcsWorld.create(options)
  return current
}

const reads = ['ListTasks', 'DescribeTasks'] as const

describe('where the time of a rollout went', () => {
  it('is told by parts that add up, with advice on the deregistration delay', async () => {
    const world = await createWorld({ service: balanced })
    const { evidence } = await world.deploy(pushedImage(1))
    const { time } = evidence
    expect(time?.parts).toMatchObject({ deregistration: 300, bake: 0 })
    const sum = Object.values(time?.parts ?? {}).reduce((all, part) => all + part, 0)
    expect(sum).toBeCloseTo(time?.totalSeconds ?? Number.NaN, 3)
    expect(evidence.timeAdvice).toBe(
      '300 s of this rollout was target-group deregistration delay: lower deregistration_delay.timeout_seconds',
    )
    expect(world.report.lines).toContain(`web: ${evidence.timeAdvice ?? ''}`)
    expect(world.requestsOfBalancer()).toEqual(['DescribeTargetGroupAttributes'])
  })

  it('needs no permission of the load balancer, warns of none, and says what would tell', async () => {
    const world = await createWorld({ service: balanced, allow: withoutBalancer })
    const { outcome, evidence } = await world.deploy(pushedImage(1))
    expect(outcome).toBe('deployed')
    expect(evidence.time?.parts.deregistration).toBe(0)
    expect(evidence.timeAdvice).toContain('elasticloadbalancing:DescribeTargetGroupAttributes')
    expect(world.report.warnings).toEqual([])
  })

  it('names a slow pull', async () => {
    const world = await createWorld()
    world.script({ 'web:2': { pullMs: 180_000 } })
    const { evidence } = await world.deploy(pushedImage(1))
    expect(evidence.time?.parts.pull).toBe(180)
    expect(evidence.timeAdvice).toBe(
      '180 s of this rollout was pulling the image: make the image smaller',
    )
  })

  it('costs a quick rollout one call', async () => {
    const world = await createWorld()
    const { evidence } = await world.deploy(pushedImage(1))
    expect(evidence.time?.totalSeconds).toBeGreaterThan(0)
    const last = world.simulator.requests.list('ecs').slice(-3)
    expect(last.map(({ operation }) => operation)).toEqual([...reads, 'DescribeTasks'])
    expect(world.requestsOfBalancer()).toEqual([])
  })

  it('is left out where tasks may not be read', async () => {
    const allow = ['ecs:*Service*', 'ecs:*TaskDefinition', 'iam:PassRole']
    const world = await createWorld({ allow })
    const { outcome, evidence } = await world.deploy(pushedImage(1))
    expect([outcome, evidence.time]).toEqual(['deployed', undefined])
  })
})

describe('why a rollout failed', () => {
  it('counts the failures that the circuit breaker saw, and names the code behind the target', async () => {
    const world = await createWorld({
      service: { ...balanced, ...withBreaker(true), healthCheckGracePeriodSeconds: 0 },
    })
    world.script({ 'web:2': failing })
    const { outcome, error, evidence } = await world.deploy(pushedImage(1))
    expect(outcome).toBe('rolled-back')
    expect(evidence.guards?.join()).toMatch(/^circuit breaker tripped: [34] of 3 task failures$/)
    expect(evidence.targets).toMatchObject([
      { reason: 'Target.ResponseCodeMismatch', port: 80, state: 'unhealthy' },
    ])
    expect(error?.message).toContain('got another status code than its health check expects')
    expect(world.report.untrustedLines.join('\n')).toContain(
      'unhealthy in target group web (port 80): Target.ResponseCodeMismatch: Health checks failed with these codes: [502]',
    )
  })

  it('asks the load balancer while ECS still overlooks bad health', async () => {
    const world = await createWorld({
      service: { ...balanced, healthCheckGracePeriodSeconds: 3_600 },
    })
    world.script({ 'web:2': failing })
    const { outcome, error, evidence } = await world.deploy(pushedImage(1), { waitMinutes: 5 })
    expect(outcome).toBe('timed-out')
    expect(evidence.stoppedTasks).toEqual([])
    expect(evidence.targets).toMatchObject([{ count: 2, state: 'unhealthy' }])
    expect(error?.message).toContain('got another status code than its health check expects')
    expect(error?.remedy).toContain('Matcher')
  })

  it('warns once of the missing permission, and reads the events instead', async () => {
    const world = await createWorld({
      service: { ...balanced, ...withBreaker(true) },
      allow: withoutBalancer,
    })
    world.script({ 'web:2': failing })
    const { evidence } = await world.deploy(pushedImage(1))
    expect(evidence.targets).toMatchObject([{ reason: 'Target.ResponseCodeMismatch' }])
    const named = world.report.warnings.filter((text) => text.includes('the permission'))
    expect(named).toEqual([
      expect.stringContaining('the permission elasticloadbalancing:DescribeTargetHealth '),
    ])
  })

  it('says where the log is when its driver is another', async () => {
    const [container] = [{ name: 'app', image: 'registry.example.com/web:1', essential: true }]
    const world = await createWorld({
      service: withBreaker(false),
      definition: {
        containerDefinitions: [
          { ...container, logConfiguration: { logDriver: 'splunk', options: {} } },
        ],
      },
    })
    world.script({ 'web:2': { exitsAfterMs: 1_000, exitCode: 139 } })
    const { error, evidence } = await world.deploy(pushedImage(1))
    expect(evidence.logNote).toMatch(/^container app uses the log driver splunk:/)
    expect(error?.message).toContain('a container crashed (segmentation fault, exit code 139)')
  })
})

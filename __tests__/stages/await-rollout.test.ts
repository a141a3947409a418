import { afterEach, describe, expect, it } from '@jest/globals'

import { EcsWorld, type WorldOptions } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'
import {
  allowed,
  crashing,
  failure,
  reset,
  supersede,
  throttled,
  unpullable,
  withBreaker,
} from '../support/rollout-scenarios.ts'

let current: EcsWorld | undefined
afterEach(async () => {
  await current?.close()
  current = undefined
})

async function createWorld(options: WorldOptions = {}): Promise<EcsWorld> {
  current = await EcsWorld.create(options)
  return current
}

describe('a rolling deployment that succeeds', () => {
  it('ends deployed and verified, and says what changed on the way', async () => {
    const world = await createWorld()
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome).toMatchObject({
      ...{ outcome: 'deployed', changed: true, verified: true, error: undefined },
      ...{ cluster: 'prod', service: 'web' },
      deploymentId: expect.stringMatching(/^ecs-svc\/\d+$/),
      deploymentArn: expect.stringContaining(':service-deployment/prod/web/'),
      taskDefinitionArn: expect.stringMatching(/web:2$/),
      previousTaskDefinitionArn: expect.stringMatching(/web:1$/),
    })
    expect(outcome.evidence.runningImages).toEqual([
      { container: 'app', digest: pushedImage(1).digest },
    ])
    expect(await world.running()).toBe('web:2')
    expect(world.report.warnings).toEqual([])
    expect(world.report.lines).toEqual([...new Set(world.report.lines)])
  })

  it('is found although ListServiceDeployments lags and the service names an older one', async () => {
    const world = await createWorld({ pace: { listLagMs: 20_000, currentLagMs: 60_000 } })
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome).toMatchObject({ outcome: 'deployed', verified: true })
    expect(outcome.deploymentArn).toBeDefined()
  })

  it('is judged by the service alone, with one warning, where its record may not be read', async () => {
    const allow = allowed('ListTasks', 'DescribeTasks', 'DescribeServiceRevisions')
    const world = await createWorld({ allow })
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome).toMatchObject({ outcome: 'deployed', verified: true, deploymentArn: undefined })
    expect(world.report.warnings).toEqual([expect.stringContaining('ecs:ListServiceDeployments')])
  })

  it('goes on by the service alone when the record is missing', async () => {
    const world = await createWorld()
    const missing = () =>
      Promise.resolve({ serviceDeployments: [], failures: [{ reason: 'MISSING' }] })
    const session = world.with({ describeServiceDeployments: missing })
    expect(await world.deploy(pushedImage(1), {}, session)).toMatchObject({ outcome: 'deployed' })
  })

  it('is not verified, with a warning, where no digest can be read', async () => {
    const allow = allowed('ListServiceDeployments', 'DescribeServiceDeployments')
    const world = await createWorld({ allow })
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome).toMatchObject({ outcome: 'deployed', verified: false })
    expect(world.report.warnings.join('\n')).toContain('not verified: ECS shows no digest')
  })

  it('is wrong-image when what runs has a digest that is not ours', async () => {
    const world = await createWorld()
    const session = world.with({
      describeServiceRevisions: () =>
        Promise.resolve({
          serviceRevisions: [
            {
              containerImages: [{ containerName: 'app', imageDigest: `sha256:${'a'.repeat(64)}` }],
            },
          ],
        }),
    })
    const outcome = await world.deploy(pushedImage(1), {}, session)
    expect(outcome).toMatchObject({ outcome: 'wrong-image', verified: false })
    expect(outcome.error?.message).toContain('app runs sha256:aaaa')
  })

  it('accepts the digest of a platform for that of the index', async () => {
    const world = await createWorld()
    const image = pushedImage(1)
    const session = world.with({
      describeServiceRevisions: () =>
        Promise.resolve({
          serviceRevisions: [
            {
              containerImages: [
                { containerName: 'app', imageDigest: image.platforms[1]?.digest ?? '' },
              ],
            },
          ],
        }),
    })
    expect(await world.deploy(image, {}, session)).toMatchObject({
      ...{ outcome: 'deployed', verified: true },
    })
  })

  it('is not verified when the service wants no tasks', async () => {
    const world = await createWorld({ service: { desiredCount: 0 } })
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome).toMatchObject({ outcome: 'deployed', verified: false })
    expect(world.report.warnings.join('\n')).toContain('0 tasks')
  })

  it('is deployed although the service is scaled out and in meanwhile', async () => {
    const world = await createWorld()
    const counts = [6, 1]
    world.clock.onRest = async () => {
      const desiredCount = counts.shift()
      if (desiredCount === undefined) return
      await world.call('UpdateService', { cluster: 'prod', service: 'web', desiredCount })
    }
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome).toMatchObject({ outcome: 'deployed', verified: true })
    expect(world.report.warnings).toEqual([])
  })

  it('survives throttled and failing looks', async () => {
    const world = await createWorld()
    let looks = 0
    const session = world.with({
      describeServices: (input) => {
        looks += 1
        if (looks % 4 !== 0) return Promise.reject(failure(looks % 2 === 0 ? throttled : reset))
        return world.session.ecs.describeServices(input)
      },
    })
    const outcome = await world.deploy(pushedImage(1), {}, session)
    expect(outcome).toMatchObject({ outcome: 'deployed', verified: true })
  })
})

describe('a rolling deployment that fails', () => {
  it('ends rolled-back when the circuit breaker returns to the old tasks', async () => {
    const world = await createWorld({ service: withBreaker(true) })
    world.script({ 'web:2': crashing })
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome).toMatchObject({ outcome: 'rolled-back', changed: true, verified: false })
    expect(await world.running()).toBe('web:1')
    expect(outcome.error).toMatchObject({ code: 'rollout-rolled-back' })
    expect(outcome.error?.message).toContain('an essential container ended by itself')
    expect(outcome.error?.message).toContain('container app, exit code 3')
    expect(outcome.evidence.stoppedTasks[0]).toMatchObject({
      stopCode: 'EssentialContainerExited',
      containers: [{ name: 'app', exitCode: 3 }],
    })
    expect(outcome.evidence.logLines).toEqual(['starting', 'no database'])
  })

  it('says why at the first failure, long before the end', async () => {
    const world = await createWorld({ service: withBreaker(true) })
    world.script({ 'web:2': crashing })
    const warnedAtMs: number[] = []
    world.clock.onRest = (nowMs) => {
      if (world.report.warnings.length > warnedAtMs.length) warnedAtMs.push(nowMs)
    }
    const startedAtMs = world.clock.monotonicMs()
    await world.deploy(pushedImage(1))
    expect(world.report.warnings[0]).toContain('a new task stopped: an essential container')
    expect((warnedAtMs[0] ?? 0) - startedAtMs).toBeLessThan(15_000)
  })

  it('is told apart from supersession in legacy mode, too', async () => {
    const allow = allowed('ListTasks', 'DescribeTasks')
    const world = await createWorld({
      service: withBreaker(true),
      allow,
    })
    world.script({ 'web:2': crashing })
    expect(await world.deploy(pushedImage(1))).toMatchObject({ outcome: 'rolled-back' })
  })

  it('ends failed when the circuit breaker does not roll back', async () => {
    const world = await createWorld({ service: withBreaker(false) })
    world.script({ 'web:2': crashing })
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome).toMatchObject({ outcome: 'failed', error: { code: 'rollout-failed' } })
  })

  it('ends rolled-back by the pull error, with its remedy', async () => {
    const world = await createWorld({ service: withBreaker(true) })
    world.script({ 'web:2': unpullable })
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome.outcome).toBe('rolled-back')
    expect(outcome.error?.message).toContain("the image has no manifest for the tasks' platform")
    expect(outcome.error?.remedy).toContain('`platforms`')
  })

  it('ends failed without a breaker after max-task-failures exits', async () => {
    const world = await createWorld()
    world.script({ 'web:2': crashing })
    const startedAtMs = world.clock.monotonicMs()
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome.outcome).toBe('failed')
    expect(outcome.error?.message).toContain('tasks failed, and none was healthy in between')
    expect(world.clock.monotonicMs() - startedAtMs).toBeLessThan(60_000)
    expect(world.report.ongoing.join()).toContain(outcome.deploymentArn ?? 'no ARN')
  })

  it('ends failed without a breaker after two equal errors that no retry heals', async () => {
    const world = await createWorld()
    world.script({ 'web:2': unpullable })
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome.outcome).toBe('failed')
    expect(outcome.error?.message).toContain('2 tasks could not start')
  })

  it('is awaited to the deadline with max-task-failures: 0', async () => {
    const world = await createWorld()
    world.script({ 'web:2': crashing })
    const outcome = await world.deploy(pushedImage(1), { maxTaskFailures: 0, waitMinutes: 5 })
    expect(outcome).toMatchObject({ outcome: 'timed-out', error: { code: 'rollout-timed-out' } })
  })

  it('of a forced redeployment of the same definition is rolled-back, not deployed', async () => {
    const world = await createWorld({ service: withBreaker(true) })
    world.script({ 'web:1': crashing })
    const outcome = await world.deploy(undefined, { forceNewDeployment: true })
    expect(['rolled-back', 'rollback-failed']).toContain(outcome.outcome)
  })

  it('does not show log lines in the log of a public repository', async () => {
    const world = await createWorld({ service: withBreaker(true) })
    world.script({ 'web:2': crashing })
    const outcome = await world.deploy(pushedImage(1), { logLines: 0 })
    expect(outcome.evidence.logLines).toBeUndefined()
    expect(world.report.everything).not.toContain('no database')
  })

  it('names the permission that keeps the reasons from us', async () => {
    const allow = allowed('ListServiceDeployments', 'DescribeServiceDeployments')
    const world = await createWorld({
      service: withBreaker(true),
      allow,
    })
    world.script({ 'web:2': crashing })
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome.outcome).toBe('rolled-back')
    expect(world.report.warnings.filter((text) => text.includes('ecs:ListTasks'))).toHaveLength(1)
  })
})

describe('a deployment that another takes the place of', () => {
  it('ends superseded, and names the other', async () => {
    const world = await createWorld()
    let rests = 0
    world.clock.onRest = async () => {
      rests += 1
      if (rests === 2) await world.call('UpdateService', supersede)
    }
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome).toMatchObject({ outcome: 'superseded', error: { code: 'rollout-superseded' } })
    expect(outcome.error?.message).toContain('web:1')
  })

  it('ends superseded in legacy mode, too', async () => {
    const allow = allowed('ListTasks', 'DescribeTasks')
    const world = await createWorld({ allow })
    let rests = 0
    world.clock.onRest = async () => {
      rests += 1
      if (rests === 2) await world.call('UpdateService', supersede)
    }
    expect(await world.deploy(pushedImage(1))).toMatchObject({ outcome: 'superseded' })
  })

  it('ends superseded when that happens right after its success', async () => {
    const world = await createWorld()
    const session = world.with({
      describeServiceDeployments: async (input) => {
        const answer = await world.session.ecs.describeServiceDeployments(input)
        if (JSON.stringify(answer).includes('"SUCCESSFUL"')) {
          await world.call('UpdateService', supersede)
        }
        return answer
      },
    })
    const outcome = await world.deploy(pushedImage(1), {}, session)
    expect(outcome).toMatchObject({ outcome: 'superseded', verified: false })
    expect(outcome.error?.message).toContain('was complete, then another')
  })
})

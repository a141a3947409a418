import { afterEach, describe, expect, it } from '@jest/globals'

import { ActionError } from '../../src/core/errors/action-error.ts'
import { AwsFailure } from '../../src/core/errors/aws-failure.ts'
import { EcsWorld, pushedImage, type WorldOptions } from '../support/ecs-world.ts'

let current: EcsWorld | undefined
afterEach(async () => {
  await current?.close()
  current = undefined
})

async function createWorld(options: WorldOptions = {}): Promise<EcsWorld> {
  current = await EcsWorld.create(options)
  return current
}

/** What a deployer cannot do without, and some more of ECS. */
const allowed = (...more: readonly string[]): readonly string[] => [
  'iam:PassRole',
  ...['DescribeServices', 'UpdateService', 'RegisterTaskDefinition', 'DescribeTaskDefinition']
    .concat(more)
    .map((action) => `ecs:${action}`),
]
const withBreaker = (rollback: boolean) => ({
  deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback } },
})
const crashing = { exitsAfterMs: 2_000, exitCode: 3, logLines: ['starting', 'no database'] }
const unpullable = {
  failsToPull:
    "CannotPullContainerError: image Manifest does not contain descriptor matching platform 'linux/amd64'",
}

const supersede = {
  ...{ cluster: 'prod', service: 'web', taskDefinition: 'web:1', forceNewDeployment: true },
}
const throttled = { code: 'ThrottlingException', httpStatus: 400 }
const reset = { code: 'ECONNRESET', httpStatus: undefined }

function failure(about: { readonly code: string; readonly httpStatus: number | undefined }) {
  return new AwsFailure({ service: 'ECS', operation: 'DescribeServices', message: 'no', ...about })
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
    expect(outcome.error?.message).toContain('an essential container of the task exited')
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
    expect(world.report.facts.stillGoingOn).toContain(outcome.deploymentArn ?? 'no ARN')
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

describe('a wait that ends before the deployment', () => {
  it('times out by its own deadline and says what is still false', async () => {
    const world = await createWorld()
    world.script({ 'web:2': { startMs: 3_600_000 } })
    const startedAtMs = world.clock.monotonicMs()
    const outcome = await world.deploy(pushedImage(1), { waitMinutes: 7 })
    expect(outcome).toMatchObject({ outcome: 'timed-out', changed: true, verified: false })
    expect(outcome.error?.message).toMatch(
      /not complete after 7 minutes; still awaited, for 4\d\d s: all new tasks are running/,
    )
    expect(world.clock.monotonicMs() - startedAtMs).toBe(7 * 60_000)
    expect(world.report.facts.stillGoingOn).toContain(outcome.deploymentArn ?? 'no ARN')
  })

  it.each([
    ['credentials are gone', { code: 'ExpiredTokenException', httpStatus: 400 }],
    ['the permission is lost', { code: 'AccessDeniedException', httpStatus: 400 }],
  ])('is unknown within two looks once %s', async (_what, refusal) => {
    const world = await createWorld()
    let looks = 0
    let refused = 0
    const session = world.with({
      describeServices: (input) => {
        looks += 1
        if (looks <= 2) return world.session.ecs.describeServices(input)
        refused += 1
        return Promise.reject(failure(refusal))
      },
    })
    const outcome = await world.deploy(pushedImage(1), {}, session)
    expect(outcome).toMatchObject({ outcome: 'unknown', error: { code: 'rollout-lost' } })
    expect(refused).toBe(2)
    expect(world.report.facts.stillGoingOn).toContain('service-deployment/prod/web')
  })

  it('is unknown after ten looks in a row without an answer', async () => {
    const world = await createWorld()
    const session = world.with({ describeServices: () => Promise.reject(failure(reset)) })
    expect(await world.deploy(pushedImage(1), {}, session)).toMatchObject({ outcome: 'unknown' })
  })

  it.each([0, 1, 2, 3, 5, 8])('is cancelled at once at rest %i', async (rest) => {
    const world = await createWorld()
    let rests = 0
    let abortedAtMs = Number.NaN
    world.clock.onRest = (nowMs) => {
      if (rests === rest) {
        abortedAtMs = nowMs
        world.abort(new ActionError('cancelled', 'cancelled by the runner', 'Nothing.'))
      }
      rests += 1
    }
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome).toMatchObject({ outcome: 'cancelled', changed: true, verified: false })
    expect(outcome.error).toMatchObject({ code: 'cancelled' })
    expect(world.clock.monotonicMs()).toBe(abortedAtMs)
    expect(world.report.facts.stillGoingOn).toContain(outcome.deploymentArn ?? 'no ARN')
  })

  it('does not wait for a call in flight when it is cancelled', async () => {
    const world = await createWorld()
    const session = world.with({
      describeServiceDeployments: () => {
        world.abort(new ActionError('cancelled', 'cancelled by the runner', 'Nothing.'))
        return new Promise(() => undefined)
      },
    })
    expect(await world.deploy(pushedImage(1), {}, session)).toMatchObject({ outcome: 'cancelled' })
  })

  it('is not made at all with wait-for-service-stability: false', async () => {
    const world = await createWorld()
    const outcome = await world.deploy(pushedImage(1), { waitForStability: false })
    expect(outcome).toMatchObject({ outcome: 'submitted', changed: true, verified: false })
  })
})

describe('a service that runs the definition already', () => {
  it('is unchanged and verified, by two looks some seconds apart', async () => {
    const world = await createWorld()
    await world.deploy(pushedImage(1))
    const startedAtMs = world.clock.monotonicMs()
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome).toMatchObject({ outcome: 'unchanged', changed: false, verified: true })
    expect(world.clock.monotonicMs() - startedAtMs).toBe(4_000)
    expect(await world.revisions()).toBe(2)
    expect(world.requests('UpdateService')).toBe(1)
  })

  it('is awaited, and deployed, while its deployment is still going on', async () => {
    const world = await createWorld()
    await world.deploy(pushedImage(1), { waitForStability: false })
    const outcome = await world.deploy(pushedImage(1))
    expect(outcome).toMatchObject({ outcome: 'deployed', changed: false, verified: true })
    expect(await world.revisions()).toBe(2)
  })

  it('is failed, not unchanged, when its tasks keep crashing', async () => {
    const world = await createWorld()
    await world.deploy(pushedImage(1))
    world.script({ 'web:2': crashing })
    for (const task of await world.runningTasks()) {
      await world.call('StopTask', { cluster: 'prod', task })
    }
    await world.clock.sleep(30_000)
    const outcome = await world.deploy(pushedImage(1), { waitMinutes: 3 })
    expect(outcome).toMatchObject({ outcome: 'failed', changed: false })
    expect(outcome.error?.message).toContain('not well until the deadline')
  })
})

import { afterEach, describe, expect, it } from '@jest/globals'

import type { ActionRun } from '../../simulator/github/runner/action-run.ts'
import type { ServiceOptions } from '../support/bundle-service.ts'
import { BundleWorld, registryHost } from '../support/bundle-world.ts'
import { annotated, expectRed } from '../support/run-end.ts'

const release = { repository: 'team/web', cluster: 'main', service: 'web' }
const logConfiguration = {
  logDriver: 'awslogs',
  options: {
    'awslogs-group': '/ecs/web',
    'awslogs-region': 'us-east-1',
    'awslogs-stream-prefix': 'web',
  },
}
const breaker = {
  deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
}
const healthCheck = { command: ['CMD', 'probe'] }
const crashing = { exitsAfterMs: 2_000, exitCode: 3, logLines: ['starting', 'no database'] }

describe('the bundle, when a rollout does not succeed', () => {
  let world: BundleWorld
  afterEach(async () => {
    await world.close()
  })

  async function prepare(options: ServiceOptions = {}): Promise<void> {
    world = await BundleWorld.create(options)
    world.simulator.requests.clear()
  }

  /** What was done until then is told on the red ways out, too, and was done once. */
  function expectFacts(main: ActionRun): void {
    expect(main.outputs).toMatchObject({
      image: `${registryHost}/team/web@${main.outputs['digest'] ?? ''}`,
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      changed: 'true',
      verified: 'false',
      'task-definition-arn': expect.stringMatching(/task-definition\/web:2$/),
      'previous-task-definition-arn': expect.stringMatching(/task-definition\/web:1$/),
      'deployment-id': expect.stringMatching(/^ecs-svc\/\d+$/),
    })
    const updates = world.simulator.requests.list('ecs', 'UpdateService')
    expect(updates.filter(({ caller }) => caller?.includes('/deployer/'))).toMatchObject([
      { status: 200 },
    ])
  }

  it("tells a crash loop that the breaker rolls back by exit code and the container's own last lines", async () => {
    await prepare({ service: breaker, container: { logConfiguration } })
    world.script({ 'web:2': crashing })
    const { main, post } = await world.run(release)

    expectRed(main, 'rolled-back', 'rollout-rolled-back')
    expectFacts(main)
    expect(main.outputs['failure-reason']).toContain('container web, exit code 3')
    expect(annotated(main, 'error')[0]).toContain('the service runs what it ran before')
    expect(main.log.join('\n')).toMatch(/last lines of the container:\n +starting\n +no database/)
    expect(main.summary).toMatch(/```\nstarting\nno database\n```/)
    expect(await world.deployedImage()).toBe('registry.example.com/web:first')
    expect(post?.exitCode).toBe(0)
  })

  it('shows nobody the log of a container of a public repository', async () => {
    await prepare({ service: breaker, container: { logConfiguration } })
    world.script({ 'web:2': crashing })
    const { main } = await world.run(release, { event: { repository: { private: false } } })
    expectRed(main, 'rolled-back', 'rollout-rolled-back')
    expect([main.summary, ...main.log].join('\n')).not.toContain('no database')
  })

  it('fails a crash loop that no breaker ends after the third crash', async () => {
    await prepare({ container: { logConfiguration } })
    world.script({ 'web:2': crashing })
    const startedMs = world.simulator.clock.now()
    const { main } = await world.run(release)

    expectRed(main, 'failed', 'rollout-failed')
    expectFacts(main)
    expect(main.outputs['failure-reason']).toMatch(/\d tasks failed, and none was healthy/)
    expect(main.log.join('\n')).toContain('Still going on: ')
    expect(main.summary).toContain('no database')
    expect(world.simulator.clock.now() - startedMs).toBeLessThan(5 * 60_000)
  })

  it('fails an image that cannot be pulled as soon as the second task says so', async () => {
    await prepare()
    world.script({
      'web:2': {
        failsToPull:
          "CannotPullContainerError: image Manifest does not contain descriptor matching platform 'linux/amd64'",
      },
    })
    const { main } = await world.run(release)

    expectRed(main, 'failed', 'rollout-failed')
    expectFacts(main)
    expect(main.outputs['failure-reason']).toContain('2 tasks could not start')
    expect(annotated(main, 'error')[0]).toContain('Add the platform to `platforms`')
  })

  it('is superseded when somebody else updates the service in the midst of it', async () => {
    await prepare()
    world.afterwards(15_000, () =>
      world.call('UpdateService', {
        ...{ cluster: 'main', service: 'web', taskDefinition: 'web:1', forceNewDeployment: true },
      }),
    )
    const { main } = await world.run(release)

    expectRed(main, 'superseded', 'rollout-superseded')
    expectFacts(main)
    expect(main.outputs['failure-reason']).toContain('a newer deployment took over: web:1')
  })

  it('times out by the deadline, and says what was still awaited and what goes on', async () => {
    await prepare({ container: { healthCheck } })
    world.script({ 'web:2': { neverHealthy: true } })
    const { main } = await world.run({ ...release, 'wait-for-minutes': '1' })

    expectRed(main, 'timed-out', 'rollout-timed-out')
    expectFacts(main)
    expect(main.outputs['failure-reason']).toContain('not complete after 1 min; still awaited')
    expect(main.log.join('\n')).toMatch(/Still going on: .*:service-deployment\/main\/web/)
  })

  it('ends unknown when it may not look at the service any more, and names the action', async () => {
    await prepare()
    world.afterwards(10_000, () => world.deny('ecs:DescribeServices'))
    const { main } = await world.run(release)

    expectRed(main, 'unknown', 'rollout-lost')
    expectFacts(main)
    expect(annotated(main, 'error')[0]).toContain('ecs:DescribeServices')
  })

  it('does without the permissions that only explain, with one warning for each', async () => {
    await prepare({ service: breaker, container: { logConfiguration } })
    world.script({ 'web:2': crashing })
    world.deny('ecs:ListServiceDeployments', 'logs:GetLogEvents')
    const { main } = await world.run(release)

    expectRed(main, 'rolled-back', 'rollout-rolled-back')
    expectFacts(main)
    const warnings = annotated(main, 'warning').filter((text) => text.includes('permission'))
    expect(warnings).toEqual([
      expect.stringContaining('ecs:ListServiceDeployments'),
      expect.stringContaining('logs:GetLogEvents'),
    ])
  })

  it('lets no container print a workflow command or break the summary', async () => {
    await prepare({ service: breaker, container: { logConfiguration } })
    const hostile = ['::error::forged', '##[error]forged', '```', '| a | b |', '::add-mask::web']
    world.script({ 'web:2': { ...crashing, logLines: hostile, exitReason: '| x |\n::error::y' } })
    const { main } = await world.run(release)

    expectRed(main, 'rolled-back', 'rollout-rolled-back')
    expect(main.commands.map(({ data }) => data)).not.toContain('web')
    expect(main.summary).toContain(['````', ...hostile, '````'].join('\n'))
    const rows = main.summary
      .split('\n')
      .filter((line) => line.startsWith('| ') && line.includes('exit 3'))
    expect(rows.map((row) => row.split('|').length)).toEqual(rows.map(() => 6))
    expect(rows).not.toEqual([])
  })
})

import { afterEach, describe, expect, it } from '@jest/globals'

import type { ActionRun } from '../../simulator/github/runner/action-run.ts'
import { isFailure } from '../../src/core/outcome.ts'
import type { ServiceOptions } from '../support/bundle-service.ts'
import { BundleWorld, registryHost } from '../support/bundle-world.ts'
import { pushIndex } from '../support/push-index.ts'
import { annotated, expectRed } from '../support/run-end.ts'
import { refused } from './scenario-refusals.ts'
import { rolling, staged, type Scenario } from './scenario-table.ts'
import { wire } from './scenario-wire.ts'

/**
 * The scenarios of a deployment that a deployer has to tell apart, by their numbers. 10 and 27 turn
 * on one moment, which the simulator hits by holding an answer back until the account has moved on;
 * 29 is a return, because what is deployed anew is a digest, which nobody can move.
 */
describe('the bundle, deploying an image', () => {
  let world: BundleWorld
  let image: string
  afterEach(() => world.close())

  async function prepare(options: ServiceOptions = {}): Promise<void> {
    world = await BundleWorld.create(options)
    const digest = await pushIndex(world.simulator, 'team/web')
    image = `${registryHost}/team/web@${digest}`
    world.simulator.requests.clear()
  }

  async function play(scenario: Scenario, service = 'web'): Promise<ActionRun> {
    const { tasks, inputs, turn, inRealTime } = scenario
    const job = new AbortController()
    if (tasks !== undefined) world.script({ 'web:2': tasks })
    await turn?.(world, () => {
      job.abort()
    })
    const all = { mode: 'deploy', cluster: 'main', service, image, ...inputs }
    const { main } = await world.run(all, {
      environment: inRealTime === true ? { NODE_OPTIONS: '' } : { VIRTUAL_TIMERS: 'yes' },
      cancelled: job.signal,
      withoutPost: true,
    })
    return main
  }

  const updates = (): readonly unknown[] =>
    world.simulator.requests
      .list('ecs', 'UpdateService')
      .filter(({ caller, errorCode }) => caller?.includes('/deployer/') && errorCode === undefined)

  it.each([...rolling, ...wire, ...staged])('$number: $what: $outcome', async (scenario) => {
    await prepare(scenario.service)
    const main = await play(scenario)
    expectEnd(main, scenario)
    expect(updates().length).toBeLessThanOrEqual(1)
    if (main.outputs['verified'] === 'true') expect(await world.deployedImage()).toBe(image)
  })

  it('11: an unchanged task definition: unchanged', async () => {
    await prepare()
    await play({ number: 11, what: 'once', outcome: 'deployed' })
    world.simulator.requests.clear()
    const unchanged = { outcome: 'unchanged', verified: true, changed: false } as const
    const again = { number: 11, what: 'again', ...unchanged }
    expectEnd(await play(again), again)
    expect(updates()).toEqual([])
  })

  it('28: members of a task definition that nobody knows are kept: deployed', async () => {
    await prepare({ container: { fromTheFuture: { deep: [1] } } })
    const scenario = { number: 28, what: 'kept', outcome: 'deployed', verified: true } as const
    expectEnd(await play(scenario), scenario)
    const told = await world.call('DescribeTaskDefinition', { taskDefinition: 'web:2' })
    expect(told['taskDefinition']).toMatchObject({
      containerDefinitions: [{ image, fromTheFuture: { deep: [1] } }],
    })
  })

  it.each(refused)('$number: $what: refused by name', async (scenario) => {
    await prepare()
    world.simulator.ecs.seedService({
      ...{ clusterArn: 'main', serviceName: 'other', taskDefinition: 'web:1' },
      ...scenario.record,
    })
    expectEnd(await play(scenario, 'other'), scenario)
    const writes = world.asked().filter((call) => /^ecs:(Register|Update|Create)/.test(call))
    expect(writes).toEqual([])
  })
})

function expectEnd(main: ActionRun, scenario: Scenario): void {
  const { outcome, code, verified = false, changed = true, says } = scenario
  expect(main.outputs).toMatchObject({
    outcome,
    verified: String(verified),
    changed: String(changed),
  })
  if (isFailure(outcome)) {
    expectRed(main, outcome, code ?? 'unexpected')
    if (says !== undefined) expect(annotated(main, 'error')[0]).toMatch(says)
    return
  }
  expect(main.exitCode).toBe(0)
  const texts = annotated(main, 'warning')
  if (says === undefined) expect(texts).toEqual([])
  else expect(texts.join('\n')).toMatch(says)
}

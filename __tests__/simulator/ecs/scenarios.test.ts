import { describe, expect, it } from '@jest/globals'

import { deploy, look } from './deploys.ts'
import { rolling } from './rolling-scenarios.ts'
import {
  blueGreen,
  breaker,
  configured,
  crashing,
  deployAndWait,
  deployWithHook,
  digestOf,
  early,
  functionArn,
  goOn,
  hook,
  movingTag,
  newest,
  returned,
  rolledBack,
  slow,
  stable,
  stopNewest,
  twoGood,
  type Scenario,
} from './scenario.ts'
import { member, stage } from './stage.ts'

const rest: readonly Scenario[] = [
  {
    ...{ number: 16, what: 'blue/green with a Lambda hook that FAILED' },
    settings: configured(blueGreen),
    play: async (set) => {
      const answers = [{ hookStatus: 'FAILED' as const }]
      set.ecs.disturb({ kind: 'answer-hook', functionArn, answers })
      await deploy(set, configured({ lifecycleHooks: [hook('AWS_LAMBDA')] }))
      set.seconds(200)
    },
    ...{ records: rolledBack, ends: returned },
  },
  ...(['CONTINUE', 'ROLLBACK'] as const).flatMap((action): Scenario[] => {
    const good = action === 'CONTINUE'
    const settings = configured(blueGreen)
    const end = { records: good ? twoGood : rolledBack, ends: good ? stable : returned }
    return [
      {
        ...{ number: 17, what: `a PAUSE hook and ContinueServiceDeployment ${action}`, settings },
        play: async (set) => {
          await deployWithHook(set, hook('PAUSE'))
          await goOn(set, action)
        },
        ...end,
      },
      {
        ...{ number: 17, what: `a PAUSE hook that times out with ${action}`, settings },
        play: async (set) => {
          await deployWithHook(set, hook('PAUSE', action))
          set.seconds(400)
        },
        ...end,
      },
    ]
  }),
  {
    ...{ number: 19, what: 'early success, old tasks go later' },
    settings: configured({ ...early, minimumHealthyPercent: 50, maximumPercent: 100 }),
    play: deployAndWait,
    ...{ records: twoGood, ends: stable },
    also: async (set) => {
      const { runningTaskCount } = member(await newest(set), 'targetServiceRevision')
      expect(runningTaskCount).toBe(1)
    },
  },
  {
    ...{ number: 21, what: 'behind a Classic Load Balancer no rolloutState is told' },
    settings: {
      loadBalancers: [{ loadBalancerName: 'web', containerName: 'app', containerPort: 80 }],
    },
    ...{ play: deployAndWait, records: twoGood, ends: ['PRIMARY  web:2 2/2'] },
  },
  {
    ...{ number: 26, what: 'too slow, then a rollback on request' },
    tasks: slow,
    play: async (set) => {
      await deploy(set)
      set.seconds(600)
      expect(await stopNewest(set)).toBe('accepted')
      set.seconds(120)
    },
    ...{ records: rolledBack, ends: returned },
  },
  {
    ...{ number: 27, what: 'a rollback request for what is over is a conflict' },
    play: deployAndWait,
    ...{ records: twoGood, ends: stable },
    also: async (set) => expect(await stopNewest(set)).toMatch(/^ConflictException: /),
  },
  {
    ...{ number: 29, what: 'the tag moved: the revision tells the digest that runs' },
    options: { images: movingTag() },
    ...{ play: deployAndWait, records: twoGood, ends: stable },
    also: async (set) => {
      const { arn = '' } = member(await newest(set), 'targetServiceRevision')
      const told = await set.ask('DescribeServiceRevisions', { serviceRevisionArns: [arn] })
      expect(told['serviceRevisions']).toMatchObject([
        { containerImages: [{ image: 'web:1', imageDigest: digestOf(2) }] },
      ])
    },
  },
  {
    ...{ number: 33, what: 'a rollback request that comes too late' },
    options: { pace: { requestTakesMs: 120_000 } },
    play: async (set) => {
      await deploy(set)
      set.seconds(10)
      expect(await stopNewest(set)).toBe('accepted')
      expect((await newest(set))['status']).toBe('ROLLBACK_REQUESTED')
      set.seconds(300)
    },
    ...{ records: twoGood, ends: stable },
  },
]

describe('the scenarios of a rollout', () => {
  it.each([...rolling, ...rest])('scenario $number: $what', async (scenario) => {
    const { tasks, options, settings, play, records, ends, also } = scenario
    const set = await stage(tasks === undefined ? {} : { 'web:2': tasks }, options)
    await set.running(settings)
    set.seconds(300)
    await play(set)
    expect((await set.records()).map((record) => record['status'])).toEqual(records)
    expect(await look(set)).toEqual(ends)
    await also?.(set)
  })

  it('scenario 7: the first deployment fails and has nothing to return to', async () => {
    const set = await stage({ web: crashing })
    await set.running(configured(breaker(true)))
    expect((await newest(set))['status']).toBe('ROLLBACK_FAILED')
    expect(await look(set)).toEqual(['PRIMARY FAILED web:1 0/2'])
  })

  it('scenario 28: a definition keeps members that nobody knows', async () => {
    const set = await stage()
    const taskDefinition = await set.register({ fromTheFuture: { deep: [1] } })
    const told = await set.ask('DescribeTaskDefinition', { taskDefinition })
    expect(member(told, 'taskDefinition')['fromTheFuture']).toEqual({ deep: [1] })
  })

  it('scenario 34: an old deployment is MISSING', async () => {
    const set = await stage()
    await set.running()
    const { serviceDeploymentArn = '' } = await newest(set)
    set.seconds(91 * 86_400)
    const input = { serviceDeploymentArns: [serviceDeploymentArn] }
    const { failures } = await set.ask('DescribeServiceDeployments', input)
    expect(failures).toMatchObject([{ reason: 'MISSING' }])
  })
})

import type { Behaviour } from '../../simulator/ecs/drivers/behaviour.ts'
import type { ErrorCode } from '../../src/core/errors/codes.ts'
import type { Outcome } from '../../src/core/outcome.ts'
import type { ServiceOptions } from '../support/bundle-service.ts'
import type { BundleWorld } from '../support/bundle-world.ts'
import { crashing, unpullable, withBreaker } from '../support/rollout-scenarios.ts'
import { blueGreen, guarded, lambdaHook, pauseHook } from './scenario-services.ts'
import {
  addHook,
  answerPause,
  disturb,
  moveTag,
  stopByHand,
  supersedeSuccess,
  updateByHand,
} from './scenario-turns.ts'

/** One way a deployment can go, from a steady `web:1` of two tasks on. */
export interface Scenario {
  /** Its number in the list of scenarios that a deployer has to tell apart. */
  readonly number: number
  readonly what: string
  readonly service?: ServiceOptions
  /** The action rests in real time: where it must not rest at all. */
  readonly inRealTime?: true
  /** What the tasks of `web:2` do. */
  readonly tasks?: Behaviour
  /** Inputs beside cluster, service and image. */
  readonly inputs?: Readonly<Record<string, string>>
  /** What happens meanwhile; called right before the run, with what cancels its job. */
  readonly turn?: (world: BundleWorld, cancel: () => void) => Promise<void> | void
  readonly outcome: Outcome
  readonly code?: ErrorCode
  /** false unless said otherwise. */
  readonly verified?: boolean
  /** true unless said otherwise. */
  readonly changed?: boolean
  /** A phrase of the annotation: of the error, else of a warning; none: nothing is annotated. */
  readonly says?: string | RegExp
}

/** What a deployment that went well ends as. */
export const good = { outcome: 'deployed', verified: true } as const
const rolledBack = { outcome: 'rolled-back', code: 'rollout-rolled-back' } as const
const superseded = { outcome: 'superseded', code: 'rollout-superseded' } as const
const settings = (deploymentConfiguration: object): ServiceOptions => ({
  service: { deploymentConfiguration },
})
const alarms = { alarmNames: ['errors'], enable: true, rollback: true }

/** Rolling deployments. */
export const rolling: readonly Scenario[] = [
  { number: 1, what: 'a rolling deployment', ...good },
  {
    ...{ number: 2, what: 'one that ECS tells of 20 s late', ...good },
    service: { pace: { listLagMs: 20_000, currentLagMs: 20_000, describeLagMs: 5_000 } },
  },
  {
    ...{ number: 3, what: 'an image that cannot be pulled, and a breaker' },
    ...{ service: guarded, tasks: unpullable, ...rolledBack },
    says: 'the service runs what it ran before',
  },
  {
    ...{ number: 4, what: 'the same, and the rollback fails as well' },
    service: settings({
      deploymentCircuitBreaker: { enable: true, rollback: true },
      ...{ minimumHealthyPercent: 0, maximumPercent: 100 },
    }),
    tasks: unpullable,
    turn: (world: BundleWorld): void => {
      world.afterwards(5_000, () => {
        world.script({ 'web:1': crashing, 'web:2': unpullable })
      })
    },
    ...{ outcome: 'rollback-failed', code: 'rollback-failed', says: /roll/ },
  },
  {
    ...{ number: 5, what: 'a breaker that does not roll back' },
    ...{ service: { service: withBreaker(false) }, tasks: crashing },
    ...{ outcome: 'failed', code: 'rollout-failed', says: 'circuit breaker' },
  },
  {
    ...{ number: 6, what: 'a crash loop that nothing ends', tasks: crashing },
    ...{ outcome: 'failed', code: 'rollout-failed', says: /tasks failed, and none was healthy/ },
  },
  {
    ...{ number: 7, what: 'a service that never was steady, and still is not' },
    ...{ service: { ...guarded, tasks: { 'web:1': crashing } }, tasks: crashing },
    ...{ outcome: 'rollback-failed', code: 'rollback-failed', says: 'No rollback candidate' },
  },
  {
    ...{ number: 7, what: 'a service that never was steady, and now is', ...good },
    service: { ...guarded, tasks: { 'web:1': crashing } },
  },
  {
    ...{ number: 8, what: 'an alarm in the bake' },
    service: settings({ alarms, bakeTimeInMinutes: 1 }),
    turn: (world: BundleWorld): void => {
      const inAlarm = { kind: 'set-alarm', alarm: 'errors', state: 'ALARM' } as const
      world.afterwards(80_000, disturb(world, inAlarm))
    },
    ...{ ...rolledBack, says: 'an alarm was triggered' },
  },
  {
    ...{ number: 9, what: "somebody else's deployment after 20 s" },
    turn: (world: BundleWorld): void => {
      world.afterwards(20_000, updateByHand(world))
    },
    ...{ ...superseded, says: 'a newer deployment took over: web:1' },
  },
  {
    ...{ number: 10, what: "somebody else's deployment right after the success" },
    turn: supersedeSuccess,
    ...{ ...superseded, says: 'the deployment was complete, then another took its place' },
  },
  {
    ...{ number: 12, what: 'the same definition by force, which fails' },
    service: guarded,
    inputs: { image: '', 'force-new-deployment': 'true' },
    turn: (world: BundleWorld): void => {
      world.script({ 'web:1': crashing })
    },
    ...{ ...rolledBack, says: 'exit code 3' },
  },
  {
    ...{ number: 13, what: 'a desired count of 0', service: { service: { desiredCount: 0 } } },
    ...{ outcome: 'deployed', says: '0 tasks' },
  },
  {
    ...{ number: 14, what: 'scaling out from 2 to 6 meanwhile', ...good },
    turn: (world: BundleWorld): void => {
      world.afterwards(15_000, disturb(world, { kind: 'scale', desiredCount: 6 }))
    },
  },
  {
    ...{ number: 15, what: 'rebalancing and scaling in, which are no failures', ...good },
    service: { service: { ...guarded.service, desiredCount: 4 } },
    turn: (world: BundleWorld): void => {
      world.afterwards(20_000, disturb(world, { kind: 'rebalance' }))
      world.afterwards(30_000, disturb(world, { kind: 'scale', desiredCount: 2 }))
    },
  },
  {
    ...{ number: 19, what: 'an early success, with old tasks that go later', ...good },
    service: settings({
      ...{ minimumHealthyPercent: 50, maximumPercent: 100 },
      earlySuccessCriteria: {
        ...{ enable: true, healthyPercent: 50, sourceServiceRevisionCleanup: 'DEFERRED' },
      },
    }),
  },
  {
    ...{ number: 21, what: 'a Classic Load Balancer, which tells no rollout state', ...good },
    service: {
      service: {
        loadBalancers: [{ loadBalancerName: 'web', containerName: 'web', containerPort: 80 }],
      },
      container: { portMappings: [{ containerPort: 80 }] },
    },
  },
  {
    ...{ number: 29, what: 'a return to a tag that names another image by now' },
    ...{ inputs: { mode: 'rollback', image: '' }, turn: moveTag },
    ...{ outcome: 'wrong-image', code: 'wrong-image', says: 'when it was deployed before' },
  },
  {
    ...{ number: 33, what: 'a rollback by hand' },
    turn: (world: BundleWorld): void => {
      world.afterwards(15_000, stopByHand(world))
    },
    ...{ ...rolledBack, says: /roll/ },
  },
]

/** Deployments that shift traffic in stages. */
export const staged: readonly Scenario[] = [
  {
    ...{ number: 16, what: 'a Lambda hook that says FAILED', service: blueGreen },
    turn: async (world: BundleWorld): Promise<void> => {
      await addHook(world, lambdaHook)
      const answers = [{ hookStatus: 'FAILED' as const }]
      disturb(world, { kind: 'answer-hook', functionArn: lambdaHook.hookTargetArn, answers })()
    },
    ...{ ...rolledBack, says: 'a lifecycle hook failed' },
  },
  {
    ...{ number: 17, what: 'a pause that somebody answers', ...good, service: blueGreen },
    turn: async (world: BundleWorld): Promise<void> => {
      await addHook(world, pauseHook)
      answerPause(world, 'CONTINUE')
    },
  },
  {
    ...{ number: 17, what: 'a pause that somebody answers with ROLLBACK', service: blueGreen },
    turn: async (world: BundleWorld): Promise<void> => {
      await addHook(world, pauseHook)
      answerPause(world, 'ROLLBACK')
    },
    ...{ ...rolledBack, says: 'rolled the deployment back' },
  },
  {
    ...{ number: 17, what: 'a pause that the run answers', ...good, service: blueGreen },
    ...{
      inputs: { 'on-pause': 'continue' },
      turn: (world: BundleWorld): Promise<void> => addHook(world, pauseHook),
    },
  },
  {
    ...{ number: 17, what: 'a pause that the run answers with a rollback', service: blueGreen },
    ...{
      inputs: { 'on-pause': 'rollback' },
      turn: (world: BundleWorld): Promise<void> => addHook(world, pauseHook),
    },
    ...{ ...rolledBack, says: 'rolled' },
  },
  {
    ...{ number: 17, what: 'a pause that is handed on', service: blueGreen },
    ...{ outcome: 'paused', verified: true },
    ...{
      inputs: { 'on-pause': 'return' },
      turn: (world: BundleWorld): Promise<void> => addHook(world, pauseHook),
    },
  },
  {
    ...{ number: 17, what: 'a pause that nobody answers', service: blueGreen },
    turn: (world: BundleWorld): Promise<void> => addHook(world, pauseHook),
    ...{ ...rolledBack, says: 'rolled the deployment back' },
  },
  {
    ...{ number: 18, what: 'traffic in equal steps', ...good },
    service: settings({
      ...{ strategy: 'LINEAR', bakeTimeInMinutes: 0 },
      linearConfiguration: { stepPercent: 50, stepBakeTimeInMinutes: 1 },
    }),
  },
]

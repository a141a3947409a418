import type { BundleWorld } from '../support/bundle-world.ts'
import { good, type Scenario } from './scenario-table.ts'
import { cancelAtTheEnd, disturb } from './scenario-turns.ts'

/** What goes wrong between the action and AWS. */
export const wire: readonly Scenario[] = [
  {
    ...{ number: 22, what: 'ListServiceDeployments is denied', ...good },
    turn: (world: BundleWorld): void => {
      world.deny('ecs:ListServiceDeployments')
    },
    says: 'ecs:ListServiceDeployments',
  },
  {
    ...{ number: 23, what: 'a storm of throttling', ...good },
    turn: ({ simulator }: BundleWorld): void => {
      simulator.faults.add([{ call: 'ecs:*', every: 2, throttle: true }])
    },
  },
  {
    ...{ number: 24, what: 'a socket that hangs', ...good },
    turn: ({ simulator }: BundleWorld): void => {
      simulator.faults.add([{ call: 'ecs:DescribeServices', every: 5, stall: 'before' }])
    },
  },
  {
    ...{ number: 25, what: 'UpdateService is taken and its answer lost', ...good },
    turn: ({ simulator }: BundleWorld): void => {
      simulator.faults.add([{ call: 'ecs:UpdateService', reset: 'after' }])
    },
  },
  {
    ...{ number: 26, what: 'the deadline, and a rollback that is asked for' },
    service: { container: { healthCheck: { command: ['CMD', 'probe'] } } },
    tasks: { neverHealthy: true },
    inputs: { 'wait-for-minutes': '2', 'on-timeout': 'rollback' },
    ...{ outcome: 'timed-out', code: 'rollout-timed-out', says: 'rolled' },
  },
  {
    ...{ number: 27, what: 'a cancelled job, and a rollout that ends before its rollback' },
    ...{ inputs: { 'on-cancel': 'rollback' }, turn: cancelAtTheEnd, inRealTime: true },
    ...{ outcome: 'cancelled', code: 'cancelled', says: 'it had ended before it could be' },
  },
  {
    ...{ number: 34, what: 'a record of the deployment that ECS has no more', ...good },
    turn: (world: BundleWorld): void => {
      world.afterwards(10_000, disturb(world, { kind: 'forget-deployments' }))
    },
    says: 'ecs:DescribeServiceDeployments gives no answer (MISSING)',
  },
]

import { describe, expect, it } from '@jest/globals'

import {
  admit,
  describeActive,
  findActive,
  type ActiveDeployment,
} from '../../../../src/core/rollout/verdict/active-deployment.ts'
import { readServiceView } from '../../../../src/core/rollout/observation/observation.ts'
import { deploymentRecord, lifecycleHook } from '../../../support/deployment-record.ts'

const active = (state: ActiveDeployment['state']): ActiveDeployment => ({
  ...{ deploymentId: 'ecs-svc/2', taskDefinitionArn: 'arn:…/web:2', record: undefined, state },
})

describe('admit', () => {
  it.each([
    [undefined, 'rolling-out', false, 'supersede'],
    ['supersede', 'rolling-out', false, 'supersede'],
    ['wait', 'rolling-out', false, 'wait'],
    ['refuse', 'rolling-out', false, 'refuse'],
    [undefined, 'rolling-out', true, 'adopt'],
    ['refuse', 'rolling-out', true, 'adopt'],
    [undefined, 'paused', false, 'refuse'],
    ['wait', 'paused', false, 'refuse'],
    ['supersede', 'paused', false, 'supersede'],
    [undefined, 'paused', true, 'adopt'],
    [undefined, 'rolling-back', false, 'refuse'],
    ['wait', 'rolling-back', false, 'refuse'],
    ['supersede', 'rolling-back', false, 'supersede'],
    [undefined, 'rolling-back', true, 'refuse'],
  ] as const)('%s, %s, identical %s: %s', (policy, state, identical, admission) => {
    expect(admit(policy, active(state), identical)).toBe(admission)
  })
})

describe('findActive', () => {
  const entry = { id: 'ecs-svc/2', status: 'PRIMARY', taskDefinition: 'arn:…/web:2' }
  const view = readServiceView({ deployments: [{ ...entry, rolloutState: 'IN_PROGRESS' }] })

  it('finds none in a steady service, whatever a late record says', () => {
    const steady = readServiceView({ deployments: [{ ...entry, rolloutState: 'COMPLETED' }] })
    expect(findActive(steady, deploymentRecord())).toBeUndefined()
  })

  it.each([
    ['rolling-out', deploymentRecord()],
    ['rolling-out', undefined],
    ['paused', deploymentRecord({ hooks: [lifecycleHook()] })],
    ['rolling-back', deploymentRecord({ status: 'ROLLBACK_REQUESTED' })],
    ['rolling-back', deploymentRecord({ rollingBack: true })],
  ] as const)('is %s by its record', (state, record) => {
    expect(findActive(view, record)).toMatchObject({ deploymentId: 'ecs-svc/2', state })
  })

  it('knows a rollback without the record by the newer deployment that failed', () => {
    const deployments = [
      { ...entry, rolloutState: 'IN_PROGRESS', createdAt: 1 },
      { ...entry, id: 'ecs-svc/3', status: 'ACTIVE', rolloutState: 'FAILED', createdAt: 2 },
    ]
    expect(findActive(readServiceView({ deployments }), undefined)?.state).toBe('rolling-back')
  })
})

it('describeActive names deployment, revision, record, and what it waits for', () => {
  const record = deploymentRecord({ hooks: [lifecycleHook()], lifecycleStage: 'POST_SCALE_UP' })
  expect(describeActive({ ...active('paused'), record })).toMatch(
    /^ecs-svc\/2 of web:2 \(sd\/2\), which is paused: pause hook ecs-pause-1 at stage POST_SCALE_UP/,
  )
  expect(describeActive(active('rolling-back'))).toBe('a rollback to ecs-svc/2 of web:2')
})

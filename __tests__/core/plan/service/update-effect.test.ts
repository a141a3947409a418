import { describe, expect, it } from '@jest/globals'

import { effectOfUpdate } from '../../../../src/core/plan/service/update-effect.ts'
import { readCurrentService } from '../../../../src/core/rollout/observation/read-current-service.ts'
import type { ServicePlan } from '../../../../src/core/plan/service/service-plan.ts'
import type { JsonObject } from '../../../../src/core/json.ts'

const entry = (id: number, taskDefinition: string, status = 'PRIMARY'): JsonObject => ({
  ...{ id: `ecs-svc/${String(id)}`, taskDefinition, status },
})
const service = (...deployments: readonly JsonObject[]) => readCurrentService({ deployments })
const before = service(entry(1, 'web:1'))

/** What the service shows, once `deployments` are listed, of our update to `arn`. */
function effect(arn: string, forceNewDeployment: boolean, ...deployments: readonly JsonObject[]) {
  const plan = { current: before, forceNewDeployment } as ServicePlan
  const revision = { arn, name: arn, registered: false, definition: {} }
  const shown = effectOfUpdate(plan, revision, service(...deployments))
  return typeof shown === 'object' ? shown.id : shown
}

describe('what a service shows of our UpdateService', () => {
  it.each<[string, string, boolean, readonly JsonObject[], string | undefined]>([
    ['a new PRIMARY of our revision', 'web:2', false, [entry(2, 'web:2')], 'ecs-svc/2'],
    [
      'one of our revision beside a blue that stays PRIMARY',
      ...(['web:2', false] as const),
      [entry(1, 'web:1'), entry(2, 'web:2', 'ACTIVE')],
      'ecs-svc/2',
    ],
    [
      'the forced one of the same revision beside such a blue',
      ...(['web:1', true] as const),
      [entry(1, 'web:1'), entry(2, 'web:1', 'ACTIVE')],
      'ecs-svc/2',
    ],
    [
      'the PRIMARY one of several',
      ...(['web:2', false] as const),
      [entry(2, 'web:2', 'ACTIVE'), entry(3, 'web:2')],
      'ecs-svc/3',
    ],
    ['that the same revision needed none', 'web:1', false, [entry(1, 'web:1')], 'nothing-started'],
    [
      'nothing where another revision was asked for',
      'web:2',
      false,
      [entry(1, 'web:1')],
      undefined,
    ],
    [
      'nothing where one was forced and is not there',
      'web:1',
      true,
      [entry(1, 'web:1')],
      undefined,
    ],
    ["nothing by somebody else's", 'web:2', false, [entry(4, 'web:9')], undefined],
    ['nothing where it has no deployment', 'web:1', false, [], undefined],
  ])('is %s', (_what, arn, force, deployments, shown) => {
    expect(effect(arn, force, ...deployments)).toBe(shown)
  })
})

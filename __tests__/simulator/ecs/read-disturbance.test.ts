import { describe, expect, it } from '@jest/globals'

import type { Disturbance } from '../../../simulator/ecs/disturbance.ts'
import { readDisturbance } from '../../../simulator/ecs/read-disturbance.ts'
import { isObject, parseJson } from '../../../simulator/wire/json.ts'
import type { JsonObject } from '../../../simulator/wire/service.ts'

import { web } from './deploys.ts'

const functionArn = 'arn:aws:lambda:eu-west-1:123456789012:function:check'
const disturbances: readonly Disturbance[] = [
  { kind: 'scale', ...web, desiredCount: 0 },
  { kind: 'scale', service: 'web', desiredCount: 6, cause: 'monitor alarm' },
  { kind: 'rebalance', ...web },
  { kind: 'lose-capacity', ...web, failure: 'vcpu-limit', forMs: 60_000 },
  { kind: 'interrupt-spot', ...web, tasks: 2 },
  { kind: 'stop-tasks', ...web, reason: 'maintenance' },
  { kind: 'fail-targets', ...web, reason: 'Health checks failed' },
  { kind: 'delete-service', ...web },
  { kind: 'forget-deployments', ...web },
  { kind: 'set-alarm', alarm: 'errors', state: 'ALARM' },
  {
    ...{ kind: 'answer-hook', functionArn },
    answers: [{ hookStatus: 'IN_PROGRESS', callBackDelaySeconds: 5 }, { hookStatus: 'FAILED' }],
  },
]

function throughJson(disturbance: Disturbance): JsonObject {
  const json = parseJson(JSON.stringify(disturbance))
  return isObject(json) ? json : {}
}

describe('disturbances in JSON', () => {
  it.each(disturbances)('are read as they were written: $kind', (disturbance) => {
    expect(readDisturbance(throughJson(disturbance))).toEqual(disturbance)
  })

  it.each<[JsonObject, string]>([
    [{}, 'kind is required.'],
    [{ kind: 'earthquake' }, 'kind is one of scale, rebalance'],
    [{ kind: 'rebalance' }, 'service is required.'],
    [{ kind: 'scale', ...web, desiredCount: -1 }, 'desiredCount is a whole number'],
    [{ kind: 'scale', ...web, desiredCount: '6' }, 'desiredCount can not be read as a Integer'],
    [{ kind: 'lose-capacity', ...web, failure: 'all', forMs: 1 }, 'failure is one of'],
    [{ kind: 'answer-hook', functionArn }, 'answers is required.'],
  ])('that are wrong say what is: %j', (json, text) => {
    expect(() => readDisturbance(json)).toThrow(text)
  })
})

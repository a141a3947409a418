import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { objectsAt, stringsAt, type JsonObject } from '../../../../src/core/json.ts'
import {
  joinedInputs,
  joinedReads,
  joinKey,
  onlyName,
  partFor,
} from '../../../../src/core/rollout/pace/joined-read.ts'

const { describeServices, describeServiceDeployments } = joinedReads
const arn = (name: string) => `arn:aws:ecs:us-east-1:123456789012:service/prod/${name}`
const service = (name: string): JsonObject => ({
  ...{ serviceName: name, serviceArn: arn(name), futureMember: { deep: [1.5, null, ''] } },
})
const missing = (name: string): JsonObject => ({ arn: arn(name), reason: 'MISSING' })
const names = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/), { maxLength: 50 })

describe('questions that are joined', () => {
  it('ask for every name once, for no other, and for no more at a time than ECS takes', () => {
    fc.assert(
      fc.property(names, fc.constantFrom(...Object.values(joinedReads)), (asked, read) => {
        const calls = joinedInputs(read, { cluster: 'prod' }, [...asked, ...asked])
        const sent = calls.map(({ input }) => stringsAt(input, read.names))
        expect(sent.flat()).toEqual(asked)
        expect(calls.map((call) => call.names)).toEqual(sent)
        expect(calls).toHaveLength(Math.ceil(asked.length / read.most))
        for (const { input } of calls) expect(input['cluster']).toBe('prod')
      }),
    )
  })

  it('are those that differ in their names alone', () => {
    const key = (input: JsonObject) => joinKey(describeServices, input)
    const one = key({ cluster: 'prod', services: ['web'], include: ['TAGS'] })
    expect(key({ include: ['TAGS'], services: ['api'], cluster: 'prod' })).toBe(one)
    expect(key({ cluster: 'stage', services: ['web'], include: ['TAGS'] })).not.toBe(one)
    expect(key({ cluster: 'prod', services: ['web'] })).not.toBe(one)
  })

  it('ask for one name each', () => {
    expect(onlyName(describeServices, { services: ['web'] })).toBe('web')
    expect(onlyName(describeServices, { services: ['web', 'api'] })).toBeUndefined()
    expect(onlyName(describeServices, {})).toBeUndefined()
  })
})

describe('the part of a joined answer', () => {
  it('is what ECS would have answered to the name alone, found or missing, and untouched', () => {
    fc.assert(
      fc.property(names, fc.func(fc.boolean()), (asked, isThere) => {
        const there = (name: string): boolean => isThere(name)
        const answer = {
          services: asked.filter(there).map(service),
          failures: asked.filter((name) => !there(name)).map(missing),
        }
        for (const name of asked) {
          const alone = there(name)
            ? { services: [service(name)], failures: [] }
            : { services: [], failures: [missing(name)] }
          expect(partFor(describeServices, answer, name)).toEqual(alone)
          expect(partFor(describeServices, answer, arn(name))).toEqual(alone)
        }
      }),
    )
  })

  it('is not that of a service whose name ends alike', () => {
    const answer = { services: [], failures: [missing('my-web'), missing('web')] }
    expect(objectsAt(partFor(describeServices, answer, 'web'), 'failures')).toEqual([
      missing('web'),
    ])
  })

  it('is found by the ARN alone where there is no other name', () => {
    const [first, second] = ['a', 'b'].map((id) => ({
      serviceDeploymentArn: id,
      status: 'PENDING',
    }))
    const answer = { serviceDeployments: [first ?? {}, second ?? {}] }
    expect(partFor(describeServiceDeployments, answer, 'b')).toEqual({
      serviceDeployments: [second],
    })
  })
})

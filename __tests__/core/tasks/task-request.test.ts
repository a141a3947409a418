import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { launchTypes, type RunTaskInputs } from '../../../src/core/inputs/deploy/run-task.ts'
import type { JsonObject } from '../../../src/core/json.ts'
import { taskRequest } from '../../../src/core/tasks/task-request.ts'
import { usualRunTask } from '../../support/run-task-inputs.ts'

const definition: JsonObject = { networkMode: 'awsvpc', requiresCompatibilities: ['FARGATE'] }
const service: JsonObject = {
  launchType: 'FARGATE',
  platformVersion: '1.4.0',
  networkConfiguration: {
    awsvpcConfiguration: {
      subnets: ['subnet-1'],
      securityGroups: ['sg-1'],
      assignPublicIp: 'DISABLED',
    },
  },
}
const strategy = [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }]

function request(
  given: Partial<RunTaskInputs> = {},
  basis: { service?: JsonObject; definition?: JsonObject } = {},
): JsonObject {
  return taskRequest(
    { ...usualRunTask, ...given },
    { service, definition, origin: 'revision web:1', ...basis },
  )
}

describe('the request for a task', () => {
  it('takes place and launch type from the service, and sends nothing else', () => {
    expect(request()).toEqual({
      count: 1,
      launchType: 'FARGATE',
      platformVersion: '1.4.0',
      networkConfiguration: service['networkConfiguration'],
      startedBy: 'GitHub-Actions',
    })
  })

  it('lets what was given win, member by member', () => {
    const { networkConfiguration } = request({ subnets: ['subnet-9'], assignPublicIp: 'ENABLED' })
    expect(networkConfiguration).toEqual({
      awsvpcConfiguration: {
        subnets: ['subnet-9'],
        securityGroups: ['sg-1'],
        assignPublicIp: 'ENABLED',
      },
    })
  })

  it.each<[string, Partial<RunTaskInputs>, JsonObject, JsonObject]>([
    ['a given launch type', { launchType: 'EC2' }, service, { launchType: 'EC2' }],
    [
      'a given strategy',
      { capacityProviderStrategy: strategy },
      service,
      { capacityProviderStrategy: strategy },
    ],
    [
      "the service's strategy",
      {},
      { ...service, capacityProviderStrategy: strategy },
      { capacityProviderStrategy: strategy, platformVersion: '1.4.0' },
    ],
    ['Fargate as the definition asks', {}, {}, { launchType: 'FARGATE' }],
  ])('%s', (_name, given, from, expected) => {
    const members = request({ subnets: ['subnet-1'], ...given }, { service: from })
    const { launchType, capacityProviderStrategy, platformVersion } = members
    const found = { launchType, capacityProviderStrategy, platformVersion }
    expect(JSON.parse(JSON.stringify(found))).toEqual(expected)
  })

  it('leaves the choice to the cluster where nothing says how to launch', () => {
    const members = request({}, { service: {}, definition: {} })
    expect(members).toEqual({ count: 1, startedBy: 'GitHub-Actions' })
  })

  it('never holds both a launch type and a strategy', () => {
    const given = fc.record({
      launchType: fc.option(fc.constantFrom(...launchTypes), { nil: undefined }),
      capacityProviderStrategy: fc.option(fc.constant(strategy), { nil: undefined }),
    })
    const services = fc.constantFrom(
      ...[{}, service, { ...service, capacityProviderStrategy: strategy }],
    )
    fc.assert(
      fc.property(given, services, (inputs, from) => {
        const members = request({ subnets: ['subnet-1'], ...inputs }, { service: from })
        expect('launchType' in members && 'capacityProviderStrategy' in members).toBe(false)
      }),
    )
  })

  it('asks for subnets where the network mode needs them and nobody has any', () => {
    expect(() => request({}, { service: {} })).toThrow(/run-task-subnets: is missing/)
  })

  it('refuses network settings that the network mode has no use for', () => {
    const bridge = { definition: { networkMode: 'bridge' } }
    expect(() => request({ subnets: ['subnet-1'], securityGroups: ['sg-1'] }, bridge)).toThrow(
      /2 inputs are wrong: run-task-subnets: .* bridge.*run-task-security-groups/,
    )
    expect(request({}, bridge)).not.toHaveProperty('networkConfiguration')
  })

  it('carries overrides, tags and the volume', () => {
    const volume = { name: 'data', configuration: { roleArn: 'arn:aws:iam::123456789012:role/v' } }
    const containerOverrides = [{ name: 'app', command: ['migrate'] }]
    const tags = [{ key: 'team', value: 'web' }]
    expect(request({ volume, containerOverrides, tags })).toMatchObject({
      overrides: { containerOverrides },
      tags,
      volumeConfigurations: [{ name: 'data', managedEBSVolume: volume.configuration }],
    })
  })
})

import { describe, expect, it } from '@jest/globals'

import type { DeployInputs } from '../../../../src/core/inputs/inputs.ts'
import { parseInputs, type ParsedInputs } from '../../../../src/core/inputs/parse-inputs.ts'
import { inputProblems } from '../../../support/input-problems.ts'

const base = { mode: 'deploy', service: 'web', 'aws-region': 'eu-central-1' }

function parse(given: Record<string, string>): ParsedInputs {
  return parseInputs(new Map(Object.entries({ ...base, ...given })), { region: undefined })
}

function deployOf(given: Record<string, string>): DeployInputs {
  const { inputs } = parse(given)
  if (!('deploy' in inputs)) throw new TypeError('no deploy inputs')
  return inputs.deploy
}

const problems = (given: Record<string, string>): readonly string[] =>
  inputProblems(() => parse(given))

const roleArn = 'arn:aws:iam::123456789012:role/ecs-volumes'

describe('settings of the service', () => {
  it('are none where none are given: no member says anything', () => {
    expect(deployOf({})).toMatchObject({ deployOrder: 'parallel', keepTaskDefinitions: undefined })
    expect(Object.keys(deployOf({}).settings)).toEqual([])
  })

  it('become members of UpdateService, as on the wire', () => {
    const { settings } = deployOf({
      'desired-count': '0',
      'propagate-tags': 'TASK_DEFINITION',
      'enable-ecs-managed-tags': 'false',
      'platform-version': 'LATEST',
      'service-managed-ebs-volume-name': 'data',
      'service-managed-ebs-volume': `{"sizeInGiB": 30, "roleArn": "${roleArn}"}`,
      'capacity-provider-strategy': '- capacityProvider: FARGATE_SPOT\n  weight: 3\n',
      'deployment-configuration': 'maximumPercent: 150\nalarms: { alarmNames: [], enable: false }',
    })
    expect(settings).toEqual({
      desiredCount: 0,
      propagateTags: 'TASK_DEFINITION',
      enableECSManagedTags: false,
      platformVersion: 'LATEST',
      volumeConfigurations: [{ name: 'data', managedEBSVolume: { sizeInGiB: 30, roleArn } }],
      capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 3 }],
      deploymentConfiguration: { maximumPercent: 150, alarms: { alarmNames: [], enable: false } },
    })
  })

  it('take [] as a strategy only where it is written literally', () => {
    const empty = deployOf({ 'capacity-provider-strategy': '[]' }).settings
    expect(empty).toEqual({ capacityProviderStrategy: [] })
    expect(problems({ 'capacity-provider-strategy': '# none\n[]' })).toEqual([
      'capacity-provider-strategy: is empty; write [] itself to return the service to its launch type',
    ])
  })

  it.each([
    ['desired-count', '-1', /is not a whole number/],
    ['desired-count', 'many', /is not a whole number/],
    ['propagate-tags', 'service', /is none of SERVICE, TASK_DEFINITION, NONE/],
    ['enable-ecs-managed-tags', 'yes', /is not a boolean/],
    ['platform-version', '1.4', /is neither LATEST nor/],
    ['capacity-provider-strategy', 'FARGATE', /is no list of objects/],
    ['capacity-provider-strategy', '[{"weight": 1}]', /no capacity provider: each needs/],
    ['capacity-provider-strategy', '[{"capacityProvider": "a", "weight": 1.5}]', /whole numbers/],
    ['deployment-configuration', '{}', /names no member/],
    ['deployment-configuration', 'maximumPercent: "150"', /no whole number for maximumPercent/],
    ['deployment-configuration', 'alarms:', /says nothing for alarms/],
    ['deployment-configuration', '{', /cannot be read as JSON or YAML/],
    ['deploy-order', 'random', /is none of parallel, sequential/],
    ['keep-task-definitions', '4', /is not a whole number from 5/],
  ])('reject %s: %s', (input, value, message) => {
    const told = problems({ [input]: value })
    expect(told).toHaveLength(1)
    expect(told[0]).toMatch(message)
  })

  it('need both a name and the settings of a managed volume, and its role', () => {
    expect(problems({ 'service-managed-ebs-volume-name': 'data' })).toEqual([
      'service-managed-ebs-volume: is missing; service-managed-ebs-volume-name needs both',
    ])
    expect(problems({ 'service-managed-ebs-volume': `{"roleArn": "${roleArn}"}` })).toEqual([
      'service-managed-ebs-volume-name: is missing; service-managed-ebs-volume needs both',
    ])
    const named = { 'service-managed-ebs-volume-name': 'data' }
    expect(problems({ ...named, 'service-managed-ebs-volume': 'sizeInGiB: 3' })).toEqual([
      'service-managed-ebs-volume: has no roleArn: the role that lets ECS manage volumes',
    ])
  })

  it('send what ECS may not know, and say so with the nearest name', () => {
    const given = {
      'deployment-configuration':
        '{"maximumPercnt": 150, "deploymentCircuitBreaker": {"enable": true, "rolback": true}}',
      'capacity-provider-strategy': '[{"capacityProvider": "FARGATE", "wieght": 1}]',
    }
    expect(deployOf(given).settings.deploymentConfiguration).toHaveProperty('maximumPercnt', 150)
    expect(parse(given).warnings).toEqual([
      'deployment-configuration has members that are not known and are sent as they are: maximumPercnt (did you mean maximumPercent?), deploymentCircuitBreaker.rolback (did you mean rollback?)',
      'capacity-provider-strategy has members that are not known and are sent as they are: [0].wieght (did you mean weight?)',
    ])
  })
})

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import type { ServiceSettings } from '../../../../src/core/inputs/deploy/service-settings.ts'
import type { JsonObject } from '../../../../src/core/json.ts'
import { differingSettings } from '../../../../src/core/plan/service/differing-settings.ts'
import { mergeDeploymentConfiguration } from '../../../../src/core/plan/service/service-settings.ts'

const breaker = { enable: true, rollback: true, resetOnHealthyTask: true }
const live: JsonObject = {
  desiredCount: 2,
  propagateTags: 'SERVICE',
  platformVersion: '1.4.0',
  deploymentConfiguration: {
    ...{ maximumPercent: 200, minimumHealthyPercent: 100, deploymentCircuitBreaker: breaker },
  },
  capacityProviderStrategy: [
    { capacityProvider: 'FARGATE_SPOT', weight: 3, base: 0 },
    { capacityProvider: 'FARGATE', weight: 1, base: 1 },
  ],
  deployments: [
    { status: 'ACTIVE' },
    {
      status: 'PRIMARY',
      volumeConfigurations: [
        { name: 'data', managedEBSVolume: { sizeInGiB: 30, encrypted: false, roleArn: 'r' } },
      ],
    },
  ],
}

describe('settings that differ from the service', () => {
  it.each<[string, ServiceSettings, readonly string[]]>([
    ['nothing asked for', {}, []],
    ['an equal count', { desiredCount: 2 }, []],
    ['no task at all', { desiredCount: 0 }, ['desired-count']],
    ['what ECS never told, as it is by default', { enableECSManagedTags: false }, []],
    ['what ECS never told, otherwise', { enableECSManagedTags: true }, ['enable-ecs-managed-tags']],
    ['another source of tags', { propagateTags: 'NONE' }, ['propagate-tags']],
    ['another platform version', { platformVersion: 'LATEST' }, ['platform-version']],
    ['a part of the configuration', { deploymentConfiguration: { maximumPercent: 200 } }, []],
    [
      'a part of the breaker that is so',
      { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } },
      [],
    ],
    [
      'a part of the breaker that is not',
      { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } } },
      ['deployment-configuration'],
    ],
    [
      'the strategy in another order and without zeros',
      {
        capacityProviderStrategy: [
          { capacityProvider: 'FARGATE', base: 1, weight: 1 },
          { capacityProvider: 'FARGATE_SPOT', weight: 3 },
        ],
      },
      [],
    ],
    ['no strategy', { capacityProviderStrategy: [] }, ['capacity-provider-strategy']],
    [
      'the volume, but for what AWS fills in',
      { volumeConfigurations: [{ name: 'data', managedEBSVolume: { sizeInGiB: 30 } }] },
      [],
    ],
    [
      'a larger volume',
      { volumeConfigurations: [{ name: 'data', managedEBSVolume: { sizeInGiB: 40 } }] },
      ['service-managed-ebs-volume'],
    ],
  ])('%s', (_name, settings, differing) => {
    expect(differingSettings(settings, live)).toEqual(differing)
  })

  it('are none once the service is as was asked for', () => {
    const settings = fc.record(
      {
        desiredCount: fc.nat(),
        propagateTags: fc.constantFrom('SERVICE' as const, 'NONE' as const),
        enableECSManagedTags: fc.boolean(),
        platformVersion: fc.string(),
        deploymentConfiguration: fc.record(
          { maximumPercent: fc.nat(), bakeTimeInMinutes: fc.nat() },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(settings, (asked) => {
        const configuration = mergeDeploymentConfiguration(
          { strategy: 'ROLLING' },
          asked.deploymentConfiguration,
        )
        const service = { ...live, ...asked, deploymentConfiguration: configuration }
        expect(differingSettings(asked, service)).toEqual([])
      }),
    )
  })
})

describe('the configuration under which a deployment runs', () => {
  it('is the live one with what was asked for over it, in the breaker as well', () => {
    const merged = mergeDeploymentConfiguration(
      { maximumPercent: 200, bakeTimeInMinutes: 5, deploymentCircuitBreaker: breaker },
      { maximumPercent: 150, deploymentCircuitBreaker: { rollback: false } },
    )
    expect(merged).toEqual({
      maximumPercent: 150,
      bakeTimeInMinutes: 5,
      deploymentCircuitBreaker: { ...breaker, rollback: false },
    })
  })
})

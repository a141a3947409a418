import { ECRClient, PutRegistryScanningConfigurationCommand } from '@aws-sdk/client-ecr'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { createEcr } from '../../../src/adapters/aws/ecr.ts'
import { parseDigest } from '../../../src/core/image/digest.ts'
import type { Ecr } from '../../../src/ports/ecr.ts'
import { imageOf } from '../../simulator/ecr/image.ts'
import { pushLone } from '../../support/layered-image.ts'
import { openRegistry, type TestRegistry } from '../../support/test-registry.ts'

const app = { name: 'team/app', accountId: '123456789012' }
const image = imageOf('linux/amd64')
const digest = parseDigest(image.digest)
const findings = [
  { name: 'CVE-1', severity: 'LOW', packageName: 'openssl', packageVersion: '3.0' },
  { name: 'CVE-2', severity: 'UNDEFINED' },
] as const

let registry: TestRegistry
let ecr: Ecr
beforeEach(async () => {
  registry = await openRegistry()
  ecr = createEcr(registry.settings)
  await registry.createRepository('team/app')
})
afterEach(async () => registry.close())

describe('a scan', () => {
  it('is undefined until somebody begins one', async () => {
    await pushLone(registry, image)
    expect(await ecr.describeScan(app, digest)).toBeUndefined()
    await ecr.startScan(app, digest)
    expect(await ecr.describeScan(app, digest)).toMatchObject({
      ...{ status: 'IN_PROGRESS', counts: undefined, completedAt: undefined, findings: [] },
    })
  })

  it('has the findings of basic scanning in lower case, each with its package', async () => {
    await pushLone(registry, image)
    registry.simulator.ecr.registry.scans.script('team/app', { findings })
    await ecr.startScan(app, digest)
    registry.clock.advance(10_000)
    expect(await ecr.describeScan(app, digest)).toEqual({
      status: 'COMPLETE',
      description: 'The scan was completed successfully.',
      counts: { low: 1, undefined: 1 },
      completedAt: new Date(registry.clock.now()),
      findings: [
        { name: 'CVE-1', severity: 'low', packageName: 'openssl 3.0' },
        { name: 'CVE-2', severity: 'undefined', packageName: undefined },
      ],
    })
  })

  it('has the findings of enhanced scanning in the same form', async () => {
    await scanEnhanced()
    await pushLone(registry, image)
    registry.simulator.ecr.registry.scans.script('team/app', { findings })
    registry.clock.advance(10_000)
    expect(await ecr.describeScan(app, digest)).toMatchObject({
      status: 'ACTIVE',
      findings: [
        { name: 'CVE-1', severity: 'low', packageName: 'openssl 3.0' },
        { name: 'CVE-2', severity: 'untriaged', packageName: undefined },
      ],
    })
  })

  it('has the findings of all pages', async () => {
    await pushLone(registry, image)
    const many = Array.from({ length: 1200 }, (_one, n) => ({
      ...{ name: `CVE-${n}`, severity: 'LOW' as const },
    }))
    registry.simulator.ecr.registry.scans.script('team/app', { findings: many })
    await ecr.startScan(app, digest)
    registry.clock.advance(10_000)
    const scan = await ecr.describeScan(app, digest)
    expect(new Set(scan?.findings.map(({ name }) => name)).size).toBe(1200)
  })

  it('fails with what ECR says', async () => {
    await expect(ecr.describeScan(app, digest)).rejects.toMatchObject({
      code: 'ImageNotFoundException',
    })
    const stranger = createEcr(registry.settingsOfStranger)
    await expect(stranger.startScan(app, digest)).rejects.toMatchObject({
      operation: 'StartImageScan',
      denied: true,
    })
  })
})

async function scanEnhanced(): Promise<void> {
  const client = new ECRClient({ ...registry.settings, endpoint: registry.simulator.url })
  const repositoryFilters = [{ filter: '*', filterType: 'WILDCARD' as const }]
  const rules = [{ scanFrequency: 'CONTINUOUS_SCAN' as const, repositoryFilters }]
  await client.send(new PutRegistryScanningConfigurationCommand({ scanType: 'ENHANCED', rules }))
  client.destroy()
}

import {
  BatchGetRepositoryScanningConfigurationCommand,
  DescribeImageScanFindingsCommand,
  DescribeImagesCommand,
  GetRegistryScanningConfigurationCommand,
  PutRegistryScanningConfigurationCommand,
  StartImageScanCommand,
  waitUntilImageScanComplete,
  type ImageIdentifier,
} from '@aws-sdk/client-ecr'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { digestOf } from '../../../simulator/ecr/store/digest.ts'
import type { ScanScript } from '../../../simulator/ecr/store/scans.ts'
import { refusal } from '../account.ts'
import { openEcrAccount, type EcrAccount } from './account.ts'
import { imageOf, indexOf, type TestImage } from './image.ts'

const repositoryName = 'shop/api'
const image = imageOf('linux/amd64')
const imageId = { imageDigest: image.digest }
const script: ScanScript = {
  findings: [
    { name: 'CVE-2026-0001', severity: 'CRITICAL', packageName: 'openssl', packageVersion: '3.0' },
    { name: 'CVE-2026-0002', severity: 'LOW', uri: 'https://example.com/2' },
    { name: 'CVE-2026-0003', severity: 'LOW', description: 'bad' },
  ],
}

let account: EcrAccount
beforeEach(async () => {
  account = await openEcrAccount()
})
afterEach(() => account.simulator.close())

function push(what: TestImage = image): Promise<Response> {
  return account.docker.push(repositoryName, what)
}

function start(id: ImageIdentifier = imageId) {
  return account.ecr.send(new StartImageScanCommand({ repositoryName, imageId: id }))
}

function findings(more: { maxResults?: number; nextToken?: string | undefined } = {}) {
  return account.ecr.send(
    new DescribeImageScanFindingsCommand({ repositoryName, imageId, ...more }),
  )
}

function configure(
  scanFrequency: 'SCAN_ON_PUSH' | 'CONTINUOUS_SCAN',
  scanType: 'BASIC' | 'ENHANCED',
) {
  const repositoryFilters = [{ filter: 'shop/*', filterType: 'WILDCARD' as const }]
  const rules = [{ scanFrequency, repositoryFilters }]
  return account.ecr.send(new PutRegistryScanningConfigurationCommand({ scanType, rules }))
}

describe('a basic scan', () => {
  it('ECR-28 is IN_PROGRESS, then COMPLETE with its findings', async () => {
    await push()
    account.simulator.ecr.registry.scans.script(repositoryName, script)
    expect((await start()).imageScanStatus).toEqual({ status: 'IN_PROGRESS' })
    expect((await findings()).imageScanFindings).toMatchObject({ findings: [] })
    account.clock.advance(10_000)
    expect(await findings()).toMatchObject({
      imageId,
      imageScanStatus: { status: 'COMPLETE' },
      imageScanFindings: {
        imageScanCompletedAt: new Date(account.clock.now()),
        findingSeverityCounts: { CRITICAL: 1, LOW: 2 },
        findings: [
          {
            name: 'CVE-2026-0001',
            severity: 'CRITICAL',
            attributes: [
              { key: 'package_name', value: 'openssl' },
              { key: 'package_version', value: '3.0' },
            ],
          },
          { name: 'CVE-2026-0002', uri: 'https://example.com/2' },
          { description: 'bad' },
        ],
      },
    })
    const { imageDetails } = await account.ecr.send(new DescribeImagesCommand({ repositoryName }))
    expect(imageDetails).toMatchObject([
      {
        imageScanStatus: { status: 'COMPLETE' },
        imageScanFindingsSummary: { findingSeverityCounts: { CRITICAL: 1, LOW: 2 } },
      },
    ])
  })

  it('ECR-28 tells findings in pages', async () => {
    await push()
    account.simulator.ecr.registry.scans.script(image.digest, script)
    await start()
    account.clock.advance(10_000)
    const first = await findings({ maxResults: 2 })
    const second = await findings({ maxResults: 2, nextToken: first.nextToken })
    expect(first.imageScanFindings?.findings).toHaveLength(2)
    expect(second.imageScanFindings?.findings).toMatchObject([{ name: 'CVE-2026-0003' }])
    expect(second.nextToken).toBeUndefined()
  })

  it('ECR-28 ends as the script says', async () => {
    await push()
    const description = 'UnsupportedImageError: The operating system is not supported.'
    const { scans } = account.simulator.ecr.registry
    scans.script(image.digest, { status: 'FAILED', description, durationMs: 60_000 })
    await start()
    account.clock.advance(59_999)
    expect((await findings()).imageScanStatus).toMatchObject({ status: 'IN_PROGRESS' })
    account.clock.advance(1)
    expect((await findings()).imageScanStatus).toEqual({ status: 'FAILED', description })
  })

  it('ECR-28 begins by itself on push where repository or registry say so', async () => {
    await configure('SCAN_ON_PUSH', 'BASIC')
    await push()
    expect((await findings()).imageScanStatus).toMatchObject({ status: 'IN_PROGRESS' })
    account.clock.advance(10_000)
    const waited = await waitUntilImageScanComplete(
      { client: account.ecr, maxWaitTime: 10 },
      { repositoryName, imageId },
    )
    expect(waited.state).toBe('SUCCESS')
  })

  it('ECR-29 cannot be had of an index: only of its images', async () => {
    const index = indexOf({ 'linux/amd64': image })
    await push()
    await account.docker.putManifest(repositoryName, index, 'v1')
    expect(await refusal(start({ imageTag: 'v1' }))).toEqual({
      name: 'UnsupportedImageTypeException',
      text:
        "An artifact with media type 'application/vnd.oci.image.index.v1+json' cannot be scanned. " +
        'For more information, see the Amazon ECR documentation.',
    })
    await start()
  })

  it('ECR-29 of an attestation fails: it has no operating system', async () => {
    const blob = imageOf('unknown/unknown').blobs[1] ?? Buffer.of()
    const mediaType = 'application/vnd.in-toto+json'
    const layers = [{ mediaType, digest: digestOf(blob), size: blob.length }]
    const attestation = imageOf('unknown/unknown', '', { layers })
    await push(attestation)
    await start({ imageDigest: attestation.digest })
    account.clock.advance(10_000)
    const command = { repositoryName, imageId: { imageDigest: attestation.digest } }
    const answer = await account.ecr.send(new DescribeImageScanFindingsCommand(command))
    expect(answer.imageScanStatus?.status).toBe('FAILED')
  })

  it('ECR-30 that was never begun is not found', async () => {
    await push()
    expect(await refusal(findings())).toEqual({
      name: 'ScanNotFoundException',
      text:
        `Image scan does not exist for the image with '{imageDigest:'${image.digest}', ` +
        "imageTag:'null'}' in the repository with name 'shop/api' in the registry with id " +
        "'123456789012'",
    })
  })

  it('ECR-30 is to be had once a day', async () => {
    await push()
    await start()
    account.clock.advance(24 * 3600 * 1000 - 1)
    expect(await refusal(start())).toEqual({
      name: 'LimitExceededException',
      text: 'The scan quota per image has been exceeded. Wait and try again.',
    })
    account.clock.advance(1)
    await start()
  })
})

describe('an enhanced scan', () => {
  it('ECR-31 is PENDING, then ACTIVE for good, and tells its findings in its own form', async () => {
    await configure('CONTINUOUS_SCAN', 'ENHANCED')
    account.simulator.ecr.registry.scans.script(repositoryName, script)
    await push()
    expect((await findings()).imageScanStatus).toMatchObject({ status: 'PENDING' })
    account.clock.advance(10_000)
    const answer = await findings()
    expect(answer.imageScanStatus).toEqual({
      status: 'ACTIVE',
      description: 'Continuous scan is selected for image.',
    })
    expect(answer.imageScanFindings).not.toHaveProperty('findings')
    expect(answer.imageScanFindings).toMatchObject({
      findingSeverityCounts: { CRITICAL: 1, LOW: 2 },
      enhancedFindings: [
        {
          severity: 'CRITICAL',
          title: 'CVE-2026-0001 - openssl',
          packageVulnerabilityDetails: { vulnerabilityId: 'CVE-2026-0001' },
        },
        { severity: 'LOW' },
        { severity: 'LOW' },
      ],
    })
  })

  it('ECR-31 cannot be started by hand', async () => {
    await push()
    await configure('CONTINUOUS_SCAN', 'ENHANCED')
    expect(await refusal(start())).toEqual({
      name: 'ValidationException',
      text: 'This feature is disabled',
    })
  })
})

describe('the scanning configuration', () => {
  it('ECR-32 is the registry’s, and holds for repositories that match', async () => {
    const get = new GetRegistryScanningConfigurationCommand({})
    expect((await account.ecr.send(get)).scanningConfiguration).toEqual({
      scanType: 'BASIC',
      rules: [],
    })
    const { registryScanningConfiguration } = await configure('CONTINUOUS_SCAN', 'ENHANCED')
    expect((await account.ecr.send(get)).scanningConfiguration).toEqual(
      registryScanningConfiguration,
    )
    const repositoryNames = [repositoryName, 'nowhere']
    const batch = new BatchGetRepositoryScanningConfigurationCommand({ repositoryNames })
    expect(await account.ecr.send(batch)).toMatchObject({
      scanningConfigurations: [{ repositoryName, scanFrequency: 'CONTINUOUS_SCAN' }],
      failures: [{ repositoryName: 'nowhere', failureCode: 'REPOSITORY_NOT_FOUND' }],
    })
  })

  it('ECR-32 has no continuous scan that is basic', async () => {
    expect(await refusal(configure('CONTINUOUS_SCAN', 'BASIC'))).toMatchObject({
      name: 'InvalidParameterException',
    })
  })
})

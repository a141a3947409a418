import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { createEcr } from '../../src/adapters/aws/ecr.ts'
import { AwsFailure } from '../../src/core/errors/aws-failure.ts'
import { parseDigest } from '../../src/core/image/digest.ts'
import type { PushedImage } from '../../src/core/image/image.ts'
import type { PlatformScan } from '../../src/core/scan/scan-verdict.ts'
import { scanImage } from '../../src/stages/publish/scan-image.ts'
import { imageOf } from '../simulator/ecr/image.ts'
import { pushLone } from '../support/layered-image.ts'
import { ScanWorld } from '../support/scan-world.ts'

const timeoutMs = 600_000
const critical = { name: 'CVE-1', severity: 'CRITICAL' } as const

let world: ScanWorld
beforeEach(async () => {
  world = await ScanWorld.create()
})
afterEach(async () => world.registry.close())

async function scan(
  image: PushedImage,
  settings = world.registry.settings,
): Promise<readonly PlatformScan[]> {
  return await scanImage(image, timeoutMs, createEcr(settings), world.ports)
}

const kinds = (scans: readonly PlatformScan[]) => scans.map(({ verdict }) => verdict.kind)
const elapsedMs = async (work: () => Promise<unknown>): Promise<number> => {
  const before = world.ports.clock.monotonicMs()
  await work()
  return world.ports.clock.monotonicMs() - before
}

describe('a basic scan', () => {
  it('is begun for each platform, never for the index, and told by platform', async () => {
    const image = await world.push()
    const [amd64, arm64] = image.platforms
    world.script({ findings: [critical] }, arm64?.digest)
    expect(await scan(image)).toEqual([
      {
        ...{ platform: 'linux/amd64', digest: amd64?.digest },
        verdict: { kind: 'scanned', counts: {}, findings: [] },
      },
      {
        ...{ platform: 'linux/arm64', digest: arm64?.digest },
        verdict: {
          kind: 'scanned',
          counts: { critical: 1 },
          findings: [{ name: 'CVE-1', severity: 'critical', packageName: undefined }],
        },
      },
    ])
    const digests = [amd64?.digest, arm64?.digest].toSorted()
    expect(world.asked('StartImageScan').toSorted()).toEqual(digests)
    expect(world.asked('DescribeImageScanFindings')).not.toContain(image.digest)
  })

  it('is not begun again where the push began it', async () => {
    await world.configure('BASIC', 'SCAN_ON_PUSH')
    const image = await world.push()
    expect(kinds(await scan(image))).toEqual(['scanned', 'scanned'])
    expect(world.asked('StartImageScan')).toEqual([])
  })

  it('of a lone manifest is that of the manifest', async () => {
    const image = await pushLone(world.registry, imageOf('linux/amd64'))
    expect(await scan(image)).toMatchObject([
      { platform: undefined, digest: image.digest, verdict: { kind: 'scanned' } },
    ])
  })

  it('that never ends is pending at the deadline, and not waited for any longer', async () => {
    world.script({ durationMs: 10 * timeoutMs })
    const image = await world.push()
    let scans: readonly PlatformScan[] = []
    const ms = await elapsedMs(async () => (scans = await scan(image)))
    expect(scans[0]?.verdict).toEqual({
      kind: 'pending',
      why: 'IN_PROGRESS: The scan is in progress.',
    })
    expect(ms).toBeGreaterThanOrEqual(timeoutMs)
    expect(ms).toBeLessThan(timeoutMs + 10_000)
  })

  it.each(['FAILED', 'UNSUPPORTED_IMAGE', 'LIMIT_EXCEEDED'] as const)(
    'that ends %s is not waited for',
    async (status) => {
      world.script({ status, description: 'no such system' })
      const image = await world.push()
      expect((await scan(image))[0]?.verdict).toEqual({
        kind: 'unavailable',
        why: `${status}: no such system`,
      })
    },
  )

  it('waits where ECR has scanned in the last 24 hours and does not say what it found yet', async () => {
    const image = await world.push()
    world.registry.simulator.faults.add([
      { call: 'ecr:DescribeImageScanFindings', first: 4, error: 'ScanNotFoundException' },
      { call: 'ecr:StartImageScan', error: 'LimitExceededException' },
    ])
    for (const { digest } of image.platforms) {
      const { registry } = world.registry.simulator.ecr
      registry.scans.start(registry.repository('team/app'), digest)
    }
    expect(kinds(await scan(image))).toEqual(['scanned', 'scanned'])
    expect(world.asked('StartImageScan')).toHaveLength(2)
  })
})

describe('an enhanced scan', () => {
  it('is over when it is ACTIVE and has findings', async () => {
    await world.configure('ENHANCED', 'CONTINUOUS_SCAN')
    world.script({ findings: [critical] })
    const image = await world.push()
    expect((await scan(image))[1]?.verdict).toMatchObject({
      ...{ kind: 'scanned', counts: { critical: 1 } },
    })
  })

  it('is pending where no rule takes the repository in: nobody else may begin one', async () => {
    await world.configure('ENHANCED', 'CONTINUOUS_SCAN', 'other/*')
    const image = await world.push()
    expect((await scan(image)).map(({ verdict }) => verdict)).toEqual([
      { kind: 'pending', why: 'enhanced scanning has not taken it up' },
      { kind: 'pending', why: 'enhanced scanning has not taken it up' },
    ])
    expect(world.asked('StartImageScan')).toHaveLength(2)
  })
})

describe('what stands in the way', () => {
  it('passes where ECR does not find the image at first', async () => {
    const image = await world.push()
    world.registry.simulator.faults.add([
      { call: 'ecr:DescribeImageScanFindings', first: 5, error: 'ImageNotFoundException' },
    ])
    expect(kinds(await scan(image))).toEqual(['scanned', 'scanned'])
  })

  it('passes where the SDK has given up on throttling and outages, with growing rests', async () => {
    let failing = 3
    const image = await world.push()
    const ecr = createEcr(world.registry.settings)
    const describeScan: typeof ecr.describeScan = async (repository, digest) => {
      if (digest === image.platforms[0]?.digest && failing-- > 0) {
        throw new AwsFailure({
          ...{ service: 'ECR', operation: 'DescribeImageScanFindings', httpStatus: 400 },
          ...{ code: 'ThrottlingException', message: 'Rate exceeded' },
        })
      }
      return await ecr.describeScan(repository, digest)
    }
    const scans = await scanImage(image, timeoutMs, { ...ecr, describeScan }, world.ports)
    expect(kinds(scans)).toEqual(['scanned', 'scanned'])
  })

  it('is told where the image is not an image of one platform', async () => {
    const image = await world.push()
    const index = { ...image, platforms: [] }
    expect((await scan(index))[0]?.verdict).toMatchObject({
      kind: 'unavailable',
      why: expect.stringContaining('cannot be scanned') as unknown,
    })
  })

  it('fails where the findings may not be read', async () => {
    const image = await world.push()
    await expect(scan(image, world.registry.settingsOfStranger)).rejects.toMatchObject({
      ...{ denied: true, operation: 'DescribeImageScanFindings' },
    })
  })

  it('fails where no scan was begun and we may begin none', async () => {
    const image = await world.push()
    const reader = world.registry.settingsOf(['ecr:DescribeImageScanFindings'])
    const ms = await elapsedMs(async () => {
      await expect(scan(image, reader)).rejects.toMatchObject({
        ...{ denied: true, operation: 'StartImageScan' },
      })
    })
    expect(ms).toBeLessThan(60_000)
  })

  it('passes where a scan on push shows late and we may begin none', async () => {
    await world.configure('BASIC', 'SCAN_ON_PUSH')
    const image = await world.push()
    world.registry.simulator.faults.add([
      { call: 'ecr:DescribeImageScanFindings', first: 4, error: 'ScanNotFoundException' },
    ])
    const reader = world.registry.settingsOf(['ecr:DescribeImageScanFindings'])
    expect(kinds(await scan(image, reader))).toEqual(['scanned', 'scanned'])
  })

  it('fails at once where the repository is not there', async () => {
    const image = await world.push()
    const repository = { ...image.repository, name: 'team/none' }
    await expect(scan({ ...image, repository })).rejects.toMatchObject({
      code: 'RepositoryNotFoundException',
    })
  })

  it('ends when the run is cancelled', async () => {
    world.script({ durationMs: 10 * timeoutMs })
    const image = await world.push()
    world.ports.clock.onRest = () => world.abort.abort(new Error('cancelled'))
    await expect(scan(image)).rejects.toThrow('cancelled')
  })

  it('is pending where the image never shows', async () => {
    const image = await world.push()
    const gone = parseDigest(`sha256:${'0'.repeat(64)}`)
    const [first] = image.platforms
    if (first === undefined) throw new Error('no platform')
    const scans = await scan({ ...image, platforms: [{ ...first, digest: gone }] })
    expect(scans[0]?.verdict).toEqual({ kind: 'pending', why: 'ECR does not find the image yet' })
  })
})

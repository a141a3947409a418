import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { createEcr } from '../../src/adapters/aws/ecr.ts'
import type { PushedImage } from '../../src/core/image/image.ts'
import { parseSizeLimit } from '../../src/core/image/content/size-limit.ts'
import type { Gates } from '../../src/core/inputs/build/gates.ts'
import { judgeImage } from '../../src/stages/publish/judge-image.ts'
import { layeredImage, pushLayered, pushLone, storedBytes } from '../support/layered-image.ts'
import { ScanWorld } from '../support/scan-world.ts'

const gate = { kind: 'gate', failOn: 'high', timeoutMs: 600_000 } as const
const small = layeredImage('linux/amd64', [{ content: Buffer.alloc(10), instruction: 'COPY a' }])
const large = layeredImage('linux/arm64', [
  { content: Buffer.alloc(10), instruction: 'COPY a' },
  { content: Buffer.alloc(3_000_000), instruction: 'RUN /bin/sh -c npm ci # buildkit' },
])

let world: ScanWorld
beforeEach(async () => {
  world = await ScanWorld.create()
})
afterEach(async () => world.registry.close())

async function judge(
  gates: Partial<Gates>,
  image: PushedImage,
  settings = world.registry.settings,
): Promise<void> {
  const all = { maxImageSize: undefined, scan: { kind: 'off' }, ...gates } as const
  await judgeImage(all, image, createEcr(settings), world.ports)
}

const pushBoth = () => pushLayered(world.registry, { 'linux/amd64': small, 'linux/arm64': large })
const limitOf = (bytes: number) => ({ maxImageSize: parseSizeLimit(String(bytes)) })

describe('the size gate', () => {
  it('lets an image pass whose platforms have at most the limit, and asks nobody', async () => {
    const image = await pushBoth()
    const before = world.registry.simulator.requests.list().length
    await expect(judge(limitOf(storedBytes(large)), image)).resolves.toBeUndefined()
    expect(world.registry.simulator.requests.list()).toHaveLength(before)
  })

  it('names platform, size, limit and the layers by the instructions that made them', async () => {
    const image = await pushBoth()
    const bytes = storedBytes(large)
    await expect(judge(limitOf(bytes - 1), image)).rejects.toMatchObject({
      code: 'image-too-large',
      message: expect.stringMatching(
        new RegExp(`allows \\(${bytes - 1} bytes compressed\\): linux/arm64 has ${bytes} bytes`),
      ) as unknown,
      details: [
        expect.stringMatching(/^linux\/arm64: \d.* by RUN npm ci$/) as unknown,
        expect.stringMatching(/^linux\/arm64: \d.* by COPY a$/) as unknown,
      ],
    })
    expect(world.ports.report.facts.reviews).toMatchObject([{ digest: image.digest }])
  })

  it('shuts without the permission to read layers, too', async () => {
    const image = await pushBoth()
    const settings = world.registry.settingsOf(['ecr:BatchGetImage'])
    await expect(judge(limitOf(1000), image, settings)).rejects.toMatchObject({
      code: 'image-too-large',
      details: [
        expect.stringMatching(/ in one layer$/) as unknown,
        expect.stringMatching(/ in one layer$/) as unknown,
      ],
    })
    expect(world.ports.report.warnings).toEqual([
      'without the permission ecr:GetDownloadUrlForLayer unpacked sizes and the instructions of layers are not told',
    ])
  })

  it('counts a lone manifest, of which nothing was read so far', async () => {
    const image = await pushLone(world.registry, large)
    const bytes = storedBytes(large)
    await expect(judge(limitOf(bytes - 1), image)).rejects.toMatchObject({
      code: 'image-too-large',
      message: expect.stringContaining(`the image has ${bytes} bytes`) as unknown,
    })
    await expect(judge(limitOf(bytes), image)).resolves.toBeUndefined()
  })
})

describe('the scan gate', () => {
  it('does not ask for a scan where it is off or only reported', async () => {
    const image = await world.push()
    await judge({}, image)
    await judge({ scan: { kind: 'report', timeoutMs: 600_000 } }, image)
    expect(world.ports.report.facts.reviews).toBeUndefined()
    expect(world.asked('DescribeImageScanFindings')).toEqual([])
  })

  it('lets a clean image pass, and tells what was found', async () => {
    world.script({ findings: [{ name: 'CVE-2', severity: 'MEDIUM' }] })
    const image = await world.push()
    await judge({ scan: gate }, image)
    const { lines, phases, facts } = world.ports.report
    const [review] = facts.reviews ?? []
    expect(review?.scans.map(({ verdict }) => verdict.kind)).toEqual(['scanned', 'scanned'])
    expect(lines).toEqual(['scan of linux/amd64: 1 medium', 'scan of linux/arm64: 1 medium'])
    expect(phases).toEqual(['scan'])
    expect(facts.reviews).toEqual([
      { digest: image.digest, sizes: undefined, scans: review?.scans },
    ])
  })

  it('keeps what it found in other images', async () => {
    const image = await world.push()
    const other = await pushLone(world.registry, small)
    await judge({ scan: gate }, image)
    await judge({ scan: gate }, other)
    const reviews = world.ports.report.facts.reviews ?? []
    expect(reviews.map(({ digest, scans }) => [digest, scans.length])).toEqual([
      [image.digest, 2],
      [other.digest, 1],
    ])
  })

  it.each(['BASIC', 'ENHANCED'] as const)(
    'shuts for one platform with a grave finding of a %s scan, and says what is known',
    async (scanType) => {
      await world.configure(scanType, scanType === 'BASIC' ? 'SCAN_ON_PUSH' : 'CONTINUOUS_SCAN')
      const image = await world.push()
      const findings = [
        { name: 'CVE-1', severity: 'HIGH', packageName: 'zlib', packageVersion: '1.2' } as const,
      ]
      world.script({ findings }, image.platforms[1]?.digest)
      await expect(judge({ scan: gate }, image)).rejects.toMatchObject({
        code: 'vulnerabilities-found',
        message: expect.stringMatching(/: linux\/arm64 1 high$/) as unknown,
        details: ['linux/arm64: CVE-1 high in zlib 1.2'],
      })
      expect(world.ports.report.facts.reviews?.[0]?.scans).toHaveLength(2)
    },
  )

  it('shuts at the deadline, naming the platform that is pending', async () => {
    const image = await world.push()
    world.script({ durationMs: 3_600_000 }, image.platforms[0]?.digest)
    await expect(judge({ scan: gate }, image)).rejects.toMatchObject({
      code: 'scan-timed-out',
      message: expect.stringMatching(/after 10 min: linux\/amd64 \(IN_PROGRESS/) as unknown,
    })
  })

  it('shuts for an image that cannot be scanned', async () => {
    world.script({ status: 'UNSUPPORTED_IMAGE' })
    await expect(judge({ scan: gate }, await world.push())).rejects.toMatchObject({
      code: 'scan-unavailable',
    })
  })

  it('tells all that keeps it shut in one error', async () => {
    const image = await world.push()
    world.script({ status: 'FAILED' }, image.platforms[0]?.digest)
    world.script({ durationMs: 3_600_000 }, image.platforms[1]?.digest)
    await expect(judge({ scan: gate }, image)).rejects.toMatchObject({
      code: 'scan-unavailable',
      message: expect.stringMatching(/^2 things are wrong: .*FAILED.*IN_PROGRESS/) as unknown,
    })
  })

  it('fails without the permission to ask, and names the action', async () => {
    const image = await world.push()
    const { settingsOfStranger } = world.registry
    await expect(judge({ scan: gate }, image, settingsOfStranger)).rejects.toMatchObject({
      code: 'access-denied',
      remedy: expect.stringContaining('ecr:DescribeImageScanFindings') as unknown,
    })
  })
})

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { parseDigest } from '../../src/core/image/digest.ts'
import type { PushedImage } from '../../src/core/image/image.ts'
import type { Gates } from '../../src/core/inputs/build/gates.ts'
import type { PlatformScan } from '../../src/core/scan/scan-verdict.ts'
import { surveyBeside } from '../../src/stages/publish/survey-images.ts'
import { ScanWorld } from '../support/scan-world.ts'
import { sessionOf } from '../support/test-registry.ts'

const reporting: Gates = {
  maxImageSize: undefined,
  scan: { kind: 'report', timeoutMs: 600_000 },
}

let world: ScanWorld
let image: PushedImage
beforeEach(async () => {
  world = await ScanWorld.create()
  image = await world.push()
})
afterEach(async () => world.registry.close())

async function survey<T>(
  work: () => Promise<T>,
  options: {
    readonly gates?: Gates
    readonly settings?: ScanWorld['registry']['settings']
  } = {},
): Promise<T> {
  const { gates = reporting, settings = world.registry.settings } = options
  const surveyed = [{ image, gates, running: undefined }]
  return await surveyBeside(surveyed, sessionOf(settings), world.ports, work)
}

const done = () => Promise.resolve('done')

describe('a survey', () => {
  it('gives what the work gives, and records sizes and scans', async () => {
    world.script({ findings: [{ name: 'CVE-1', severity: 'CRITICAL' }] })
    expect(await survey(done)).toBe('done')
    const { facts, lines, notices, warnings } = world.ports.report
    expect(facts.reviews).toMatchObject([
      {
        digest: image.digest,
        sizes: { platforms: [{ layerCount: 1 }, { layerCount: 1 }] },
        scans: [{ verdict: { counts: { critical: 1 } } }, {}],
      },
    ])
    expect(lines.toSorted()).toEqual([
      'scan of linux/amd64: 1 critical',
      'scan of linux/arm64: 1 critical',
      expect.stringMatching(/^size of linux\/amd64: /),
      expect.stringMatching(/^size of linux\/arm64: /),
    ])
    expect([...notices, ...warnings]).toEqual([])
  })

  it('keeps what a gate has said, also of images that it does not survey', async () => {
    const scans: readonly PlatformScan[] = [
      {
        ...{ platform: 'linux/amd64', digest: image.digest },
        verdict: { kind: 'scanned', counts: {}, findings: [] },
      },
    ]
    const other = parseDigest(`sha256:${'f'.repeat(64)}`)
    world.ports.report.review(image.digest, { scans })
    world.ports.report.review(other, { scans })
    await survey(done, { gates: { ...reporting, scan: { kind: 'off' } } })
    const reviews = world.ports.report.facts.reviews ?? []
    expect(new Map(reviews.map((review) => [review.digest, review.scans]))).toEqual(
      new Map([
        [image.digest, scans],
        [other, scans],
      ]),
    )
    expect(reviews.find(({ digest }) => digest === image.digest)?.sizes).toBeDefined()
    expect(world.asked('DescribeImageScanFindings')).toEqual([])
  })

  it('tells a scan that does not end, or cannot be, by notices and fails nothing', async () => {
    world.script({ durationMs: 3_600_000 }, image.platforms[0]?.digest)
    world.script({ status: 'UNSUPPORTED_IMAGE' }, image.platforms[1]?.digest)
    expect(await survey(done)).toBe('done')
    expect(world.ports.report.notices).toEqual([
      'scan not over of linux/amd64: IN_PROGRESS: The scan is in progress.',
      'no scan of linux/arm64: UNSUPPORTED_IMAGE: UNSUPPORTED_IMAGE',
    ])
  })

  it('names the permission that is missing and fails nothing', async () => {
    const { settingsOfStranger: settings } = world.registry
    expect(await survey(done, { settings })).toBe('done')
    expect(world.ports.report.warnings).toContain(
      'without the permission ecr:DescribeImageScanFindings the findings of the scan are not told',
    )
  })

  it('stops with the work that fails, whose failure it is', async () => {
    world.script({ durationMs: 3_600_000 })
    const beganMs = world.ports.clock.monotonicMs()
    const failure = new Error('rollout failed')
    const work = async () => {
      await world.ports.clock.sleep(1_000)
      throw failure
    }
    await expect(survey(work)).rejects.toBe(failure)
    expect(world.ports.clock.monotonicMs() - beganMs).toBeLessThan(60_000)
    expect(world.ports.report.warnings).toEqual([])
  })

  it('takes nothing from work that ended before the run was cancelled', async () => {
    world.script({ durationMs: 3_600_000 })
    world.ports.clock.onRest = () => world.abort.abort(new Error('cancelled'))
    expect(await survey(done)).toBe('done')
  })

  it('tells a failure of its own as a warning', async () => {
    const session = {
      ecr: (): never => {
        throw new Error('broken')
      },
    }
    const surveyed = [{ image, gates: reporting, running: undefined }]
    expect(await surveyBeside(surveyed, session, world.ports, done)).toBe('done')
    expect(world.ports.report.warnings).toEqual(['the images were not surveyed to the end: broken'])
  })
})

import { setImmediate } from 'node:timers/promises'

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { parseDigest } from '../../src/core/image/digest.ts'
import type { PushedImage } from '../../src/core/image/image.ts'
import type { Gates } from '../../src/core/inputs/build/gates.ts'
import type { PlatformScan } from '../../src/core/scan/scan-verdict.ts'
import { surveyBeside, type SurveyedImage } from '../../src/stages/publish/survey-images.ts'
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
    readonly measureStage?: SurveyedImage['measureStage']
  } = {},
): Promise<T> {
  const { gates = reporting, settings = world.registry.settings, measureStage } = options
  const images = [{ image, gates, running: undefined, ...(measureStage && { measureStage }) }]
  const asked = { images, stageBudgetMs: 5_000 }
  return await surveyBeside(asked, sessionOf(settings), world.ports, work)
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
      'scan not finished for linux/amd64: IN_PROGRESS: The scan is in progress.',
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
    const images = [{ image, gates: reporting, running: undefined }]
    const asked = { images, stageBudgetMs: 5_000 }
    expect(await surveyBeside(asked, session, world.ports, done)).toBe('done')
    expect(world.ports.report.warnings).toEqual(['the images were not surveyed to the end: broken'])
  })
})

describe('the measure of a builder stage', () => {
  const gates: Gates = { ...reporting, scan: { kind: 'off' } }
  const stage = { stage: 'build', platform: 'linux/amd64', compressedBytes: 1000 } as const

  /** Takes so long by the run's clock, unless it is cut first. */
  const taking =
    (ms: number): SurveyedImage['measureStage'] =>
    async (signal) => {
      const endsMs = world.ports.clock.monotonicMs() + ms
      while (world.ports.clock.monotonicMs() < endsMs) {
        signal.throwIfAborted()
        await setImmediate()
      }
      return stage
    }

  it('is told where nothing follows the publishing, too', async () => {
    expect(await survey(done, { gates, measureStage: taking(3_000) })).toBe('done')
    const { facts, lines } = world.ports.report
    expect(facts.reviews).toMatchObject([{ builderStage: stage }])
    expect(lines).toContainEqual(expect.stringMatching(/^builder stage "build" \(linux\/amd64\): /))
  })

  it('holds up a run whose work is short for its budget, and that it was cut is a detail', async () => {
    const beganMs = world.ports.clock.monotonicMs()
    expect(await survey(done, { gates, measureStage: taking(60_000) })).toBe('done')
    expect(world.ports.clock.monotonicMs() - beganMs).toBe(5_000)
    const { details, facts, warnings } = world.ports.report
    expect(facts.reviews?.[0]?.builderStage).toBeUndefined()
    expect(details).toEqual(['the builder stage was not measured: the run was over first'])
    expect(warnings).toEqual([])
  })

  it('holds up no run whose work took longer', async () => {
    const beganMs = world.ports.clock.monotonicMs()
    const work = () => world.ports.clock.sleep(20_000)
    await survey(work, { gates, measureStage: taking(60_000) })
    expect(world.ports.clock.monotonicMs() - beganMs).toBe(20_000)
  })

  it('has the whole time of work that takes longer', async () => {
    const work = () => world.ports.clock.sleep(20_000)
    await survey(work, { gates, measureStage: taking(19_000) })
    expect(world.ports.report.facts.reviews).toMatchObject([{ builderStage: stage }])
  })

  it('ends with the run, without a word of its own', async () => {
    world.ports.clock.onRest = () => world.abort.abort(new Error('cancelled'))
    expect(await survey(done, { gates, measureStage: taking(60_000) })).toBe('done')
    expect(world.ports.report.details).toEqual([])
  })
})

import { AwsFailure } from '../../core/errors/aws-failure.ts'
import type { Digest } from '../../core/image/digest.ts'
import type { PushedImage } from '../../core/image/image.ts'
import type { Gates } from '../../core/inputs/build/gates.ts'
import { describeBuilderStage, sizeLines } from '../../core/report/image-summary.ts'
import { describeScan } from '../../core/scan/scan-lines.ts'
import type { PlatformScan } from '../../core/scan/scan-verdict.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ecr } from '../../ports/ecr.ts'
import type { Ports } from '../../ports/ports.ts'
import { measureImage } from './measure-image.ts'
import type { BuilderStageSize } from '../../core/image/content/sizes.ts'
import { scanImage } from './scan-image.ts'

type SurveyPorts = Pick<Ports, 'clock' | 'report' | 'signal'>

/** An image that people are told about. */
export interface SurveyedImage {
  readonly image: PushedImage
  readonly gates: Gates
  /** Digest in the same repository that a service runs now. */
  readonly running: Digest | undefined
  /** Measures the stage that is not shipped; undefined where this run built nothing. */
  readonly measureStage?: (signal: AbortSignal) => Promise<BuilderStageSize | undefined>
}

/** What is found out beside the work of a run. */
export interface Survey {
  readonly images: readonly SurveyedImage[]
  /** How long stages are measured at least, from the start of the work, though that may end sooner. */
  readonly stageBudgetMs: number
}

/**
 * Does `work` and, beside it, measures images and waits for the scans that are only reported. Nothing
 * of it changes how `work` ends: where that fails, the survey stops at once. The measure of a stage
 * that nobody ships holds up a run whose work is short for its budget, and no longer.
 */
export async function surveyBeside<T>(
  { images, stageBudgetMs }: Survey,
  session: Pick<AwsSession, 'ecr'>,
  ports: SurveyPorts,
  work: () => Promise<T>,
): Promise<T> {
  const stop = new AbortController()
  const over = new AbortController()
  const told = new AbortController()
  const signal = AbortSignal.any([ports.signal, stop.signal])
  const beganMs = ports.clock.monotonicMs()
  const survey = surveyImages(images, session, over.signal, { ...ports, signal })
    .catch((error: unknown) => {
      if (signal.aborted) return
      const why = error instanceof Error ? error.message : String(error)
      ports.report.warning(`the images were not surveyed to the end: ${why}`)
    })
    .finally(() => {
      told.abort(new Error('all is told'))
    })
  try {
    const result = await work()
    if (images.some(({ measureStage }) => measureStage !== undefined)) {
      await restUntil(beganMs + stageBudgetMs, told.signal, ports)
    }
    return result
  } catch (error) {
    stop.abort(error)
    throw error
  } finally {
    over.abort(new Error('the run is over'))
    await survey
  }
}

/** Rests until `timeMs` of the monotonic clock, or until `told` aborts. */
async function restUntil(
  timeMs: number,
  told: AbortSignal,
  { clock }: Pick<Ports, 'clock'>,
): Promise<void> {
  const leftMs = timeMs - clock.monotonicMs()
  if (leftMs <= 0) return
  try {
    await clock.sleep(leftMs, told)
  } catch (error) {
    if (!told.aborted) throw error
  }
}

/** Measures and scans, and records it image by image. */
async function surveyImages(
  surveyed: readonly SurveyedImage[],
  session: Pick<AwsSession, 'ecr'>,
  over: AbortSignal,
  ports: SurveyPorts,
): Promise<void> {
  await Promise.all(
    surveyed.map(async ({ image, gates, running, measureStage }) => {
      const ecr = session.ecr(image.repository.registry)
      const measured = measureImage(image, running, ecr, ports).then((sizes) => {
        ports.report.review(image.digest, { sizes })
        for (const line of sizeLines(sizes)) ports.report.line(line)
      })
      const reported = reportScan(gates, image, ecr, ports).then((found) => {
        if (found.length > 0) ports.report.review(image.digest, { scans: found })
      })
      const staged = stageBeside(measureStage, over, ports).then((stage) => {
        if (stage === undefined) return
        ports.report.review(image.digest, { builderStage: stage })
        ports.report.line(describeBuilderStage(stage, image))
      })
      await Promise.all([measured, reported, staged])
    }),
  )
}

/** @returns undefined where there is no such stage, or where the run is over first. */
async function stageBeside(
  measure: SurveyedImage['measureStage'],
  over: AbortSignal,
  { report, signal }: Pick<Ports, 'report' | 'signal'>,
): Promise<BuilderStageSize | undefined> {
  try {
    return await measure?.(AbortSignal.any([signal, over]))
  } catch (error) {
    if (signal.aborted || !over.aborted) throw error
    report.detail('the builder stage was not measured: the run was over first')
    return undefined
  }
}

/** A scan that fails nothing: what it cannot say is a notice, a missing permission a warning. */
async function reportScan(
  { scan }: Gates,
  image: PushedImage,
  ecr: Ecr,
  ports: SurveyPorts,
): Promise<readonly PlatformScan[]> {
  if (scan.kind !== 'report') return []
  try {
    const scans = await scanImage(image, scan.timeoutMs, ecr, ports)
    for (const found of scans) {
      if (found.verdict.kind === 'scanned') ports.report.line(describeScan(found))
      else ports.report.notice(describeScan(found))
    }
    return scans
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error
    ports.report.warning(
      error.denied
        ? `without the permission ecr:${error.operation} the findings of the scan are not told`
        : `the findings of the scan are not told: ${error.code}: ${error.message}`,
    )
    return []
  }
}

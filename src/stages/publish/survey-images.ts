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

/**
 * Does `work` and, beside it, measures images and waits for the scans that are only reported. Nothing
 * of it changes how `work` ends: where that fails, the survey stops at once.
 */
export async function surveyBeside<T>(
  surveyed: readonly SurveyedImage[],
  session: Pick<AwsSession, 'ecr'>,
  ports: SurveyPorts,
  work: () => Promise<T>,
): Promise<T> {
  const stop = new AbortController()
  const worked = new AbortController()
  const signal = AbortSignal.any([ports.signal, stop.signal])
  const survey = surveyImages(surveyed, session, worked.signal, { ...ports, signal }).catch(
    (error: unknown) => {
      if (signal.aborted) return
      const why = error instanceof Error ? error.message : String(error)
      ports.report.warning(`the images were not surveyed to the end: ${why}`)
    },
  )
  try {
    return await work()
  } catch (error) {
    stop.abort(error)
    throw error
  } finally {
    worked.abort(new Error('the run is over'))
    await survey
  }
}

/** Measures and scans, and records it image by image. */
async function surveyImages(
  surveyed: readonly SurveyedImage[],
  session: Pick<AwsSession, 'ecr'>,
  worked: AbortSignal,
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
      const staged = stageBeside(measureStage, worked, ports).then((stage) => {
        if (stage === undefined) return
        ports.report.review(image.digest, { builderStage: stage })
        ports.report.line(describeBuilderStage(stage, image))
      })
      await Promise.all([measured, reported, staged])
    }),
  )
}

/** No run is longer for a stage that nobody ships: undefined where the work ends first. */
async function stageBeside(
  measure: SurveyedImage['measureStage'],
  worked: AbortSignal,
  { signal }: Pick<Ports, 'signal'>,
): Promise<BuilderStageSize | undefined> {
  try {
    return await measure?.(AbortSignal.any([signal, worked]))
  } catch (error) {
    if (worked.aborted) return undefined
    throw error
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

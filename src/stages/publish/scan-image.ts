import { backOffMs } from '../../core/back-off.ts'
import { AwsFailure } from '../../core/errors/aws-failure.ts'
import type { PushedImage } from '../../core/image/image.ts'
import { subjectsOf, type PlatformSubject } from '../../core/image/content/sizes.ts'
import { judgeScan, type PlatformScan, type ScanVerdict } from '../../core/scan/scan-verdict.ts'
import type { EcrScan } from '../../ports/ecr-scan.ts'
import type { RepositoryKey } from '../../ports/ecr.ts'
import type { Ports } from '../../ports/ports.ts'
import { keyOf } from '../aws/ask-ecr.ts'
import { untilAborted } from '../aws/until-aborted.ts'

const intervalMs = 5_000
/** How long a scan on push may take to show up where we may not begin one. */
const graceMs = 30_000

/**
 * Follows the scans of an image's platforms to their ends, and begins those that nobody begins. An
 * index is never asked about: ECR scans images only.
 * @returns The verdict of each platform; one that is pending did not end within `timeoutMs`.
 * @throws AwsFailure where a permission or the repository is missing.
 */
export async function scanImage(
  image: PushedImage,
  timeoutMs: number,
  ecr: EcrScan,
  ports: Pick<Ports, 'clock' | 'signal'>,
): Promise<readonly PlatformScan[]> {
  const deadlineMs = ports.clock.monotonicMs() + timeoutMs
  const stop = new AbortController()
  const together = { ...ports, signal: AbortSignal.any([ports.signal, stop.signal]) }
  try {
    return await Promise.all(
      subjectsOf(image).map(async ({ platform, digest }) => {
        const scan = new FollowedScan(keyOf(image.repository), { platform, digest }, ecr, together)
        return { platform, digest, verdict: await scan.follow(deadlineMs) }
      }),
    )
  } catch (error) {
    // The others are not followed to an end that nobody hears of.
    stop.abort(error)
    throw error
  }
}

/** The scan of one platform's image. */
class FollowedScan {
  readonly #repository: RepositoryKey
  readonly #subject: PlatformSubject
  readonly #ecr: EcrScan
  readonly #ports: Pick<Ports, 'clock' | 'signal'>
  readonly #beganMs: number
  /** What came of our asking for a scan; undefined: nothing was asked yet. */
  #asked: ScanVerdict | AwsFailure | undefined
  /** Failures in a row that may pass. */
  #failures = 0

  constructor(
    repository: RepositoryKey,
    subject: PlatformSubject,
    ecr: EcrScan,
    ports: Pick<Ports, 'clock' | 'signal'>,
  ) {
    this.#repository = repository
    this.#subject = subject
    this.#ecr = ecr
    this.#ports = ports
    this.#beganMs = ports.clock.monotonicMs()
  }

  async follow(deadlineMs: number): Promise<ScanVerdict> {
    const { clock, signal } = this.#ports
    for (;;) {
      const verdict = await this.#look()
      const leftMs = deadlineMs - clock.monotonicMs()
      if (verdict.kind !== 'pending' || leftMs <= 0) return verdict
      const restMs = this.#failures === 0 ? intervalMs : backOffMs(this.#failures, clock.chance())
      await clock.sleep(Math.min(restMs, leftMs), signal)
    }
  }

  async #look(): Promise<ScanVerdict> {
    try {
      const scan = await this.#call(() =>
        this.#ecr.describeScan(this.#repository, this.#subject.digest),
      )
      const verdict = scan === undefined ? await this.#ask() : judgeScan(scan)
      this.#failures = 0
      return verdict
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error
      return this.#pass(error)
    }
  }

  /** Begins the scan that is not there, once. */
  async #ask(): Promise<ScanVerdict> {
    this.#asked ??= await this.#start()
    if (!(this.#asked instanceof AwsFailure)) return this.#asked
    if (this.#ports.clock.monotonicMs() - this.#beganMs >= graceMs) throw this.#asked
    return { kind: 'pending', why: 'no scan was begun yet' }
  }

  async #start(): Promise<ScanVerdict | AwsFailure> {
    try {
      await this.#call(() => this.#ecr.startScan(this.#repository, this.#subject.digest))
      return { kind: 'pending', why: 'it was begun and does not show yet' }
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error
      if (error.denied) return error
      return afterRefusedStart(error)
    }
  }

  async #call<T>(call: () => Promise<T>): Promise<T> {
    return await untilAborted(call, this.#ports.signal)
  }

  /** A failure that may pass counts as an answer that says nothing. */
  #pass(failure: AwsFailure): ScanVerdict {
    const { code, credentialsGone, throttled, ambiguous } = failure
    if (code === 'ImageNotFoundException') {
      // Scanning comes to know a pushed image a moment after the registry does.
      return { kind: 'pending', why: 'ECR does not find the image yet' }
    }
    const mayPass = throttled || code === 'ThrottleException' || ambiguous
    if (credentialsGone || !mayPass) throw failure
    this.#failures += 1
    return { kind: 'pending', why: `${code}: ${failure.message}` }
  }
}

/**
 * What a refusal of StartImageScan means.
 * @throws AwsFailure where it may pass, or says nothing of scans.
 */
function afterRefusedStart(failure: AwsFailure): ScanVerdict {
  switch (failure.code) {
    // One manual scan in 24 hours (StartImageScan): there was one, and it will be told.
    case 'LimitExceededException':
      return { kind: 'pending', why: 'it was scanned in the last 24 hours' }
    // "This feature is disabled": with enhanced scanning Inspector alone begins scans.
    case 'ValidationException':
      return { kind: 'pending', why: 'enhanced scanning has not taken it up' }
    case 'UnsupportedImageTypeException':
    case 'ImageArchivedException':
      return { kind: 'unavailable', why: failure.message }
    default:
      throw failure
  }
}

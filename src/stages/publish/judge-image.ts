import { ActionError } from '../../core/errors/action-error.ts'
import { combineErrors } from '../../core/errors/combine.ts'
import { imageUri, type PushedImage } from '../../core/image/image.ts'
import { shortDigest } from '../../core/image/digest.ts'
import { compressedBytesOf } from '../../core/image/content/sizes.ts'
import { parseBlobs } from '../../core/image/content/layers.ts'
import { exceedsLimit, isWithin, type SizeLimit } from '../../core/image/content/size-limit.ts'
import type { Gates } from '../../core/inputs/build/gates.ts'
import { gateErrors, type GateRule } from '../../core/scan/scan-gate.ts'
import { describeScan } from '../../core/scan/scan-lines.ts'
import type { Ecr } from '../../ports/ecr.ts'
import type { Ports } from '../../ports/ports.ts'
import { askEcr, placeOf } from '../aws/ask-ecr.ts'
import { measureImage } from './measure-image.ts'
import { readStored } from '../aws/read-image.ts'
import { scanImage } from './scan-image.ts'

/**
 * Holds an image in the registry against its gates, before it gets further names; also one that was
 * there already. The size comes first: it is known at once.
 * @throws ActionError `image-too-large`, `vulnerabilities-found`, `scan-unavailable`,
 * `scan-timed-out`, `access-denied` where a gate may not be asked.
 */
export async function judgeImage(
  { maxImageSize, scan }: Gates,
  image: PushedImage,
  ecr: Ecr,
  ports: Pick<Ports, 'clock' | 'report' | 'signal'>,
): Promise<void> {
  if (maxImageSize !== undefined) await judgeSize(maxImageSize, image, ecr, ports)
  if (scan.kind !== 'gate') return
  await ports.report.phase('scan', `Scan ${shortDigest(image.digest)}`, () =>
    judgeFindings(scan, image, ecr, ports),
  )
}

async function judgeSize(
  limit: SizeLimit,
  image: PushedImage,
  ecr: Ecr,
  ports: Pick<Ports, 'report' | 'signal'>,
): Promise<void> {
  const sizes = image.platforms.length > 0 ? image.platforms : [await sizeOfLone(image, ecr)]
  if (isWithin(limit, sizes)) return
  const measured = await measureImage(image, undefined, ecr, ports)
  ports.report.review(image.digest, { sizes: measured })
  const platforms = sizes.map((size) => ({
    ...size,
    biggestLayers:
      measured?.platforms.find(({ platform }) => platform === size.platform)?.biggestLayers ?? [],
  }))
  const error = exceedsLimit(limit, platforms, imageUri(image))
  if (error !== undefined) throw error
}

/** A lone manifest, whose size nobody read so far. */
async function sizeOfLone(
  image: PushedImage,
  ecr: Ecr,
): Promise<{ readonly platform: undefined; readonly sizeBytes: number }> {
  const blobs = parseBlobs((await readStored(ecr, image)).manifest)
  if (blobs === undefined) {
    throw new ActionError(
      'image-incomplete',
      `"${imageUri(image)}" is not the manifest of an image, so that its size cannot be told`,
      'Push an image there, or leave `max-image-size` out.',
    )
  }
  return { platform: undefined, sizeBytes: compressedBytesOf(blobs.config, blobs.layers) }
}

async function judgeFindings(
  rule: GateRule,
  image: PushedImage,
  ecr: Ecr,
  ports: Pick<Ports, 'clock' | 'report' | 'signal'>,
): Promise<void> {
  const scans = await askEcr(placeOf(image.repository), () =>
    scanImage(image, rule.timeoutMs, ecr, ports),
  )
  for (const scan of scans) ports.report.line(describeScan(scan))
  ports.report.review(image.digest, { scans })
  const [first, ...more] = gateErrors(scans, rule, imageUri(image))
  if (first !== undefined) throw combineErrors([first, ...more])
}

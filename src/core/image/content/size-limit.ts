import { ActionError } from '../../errors/action-error.ts'
import { formatBytes } from '../../report/format.ts'
import type { PlatformImage } from '../image.ts'
import type { Platform } from '../platform.ts'
import { subjectName, type BigLayer } from './sizes.ts'

/** The most that one platform may take in the registry. */
export interface SizeLimit {
  readonly bytes: number
  /** As it was written, for messages. */
  readonly text: string
}

const units: Readonly<Record<string, number>> = {
  '': 1,
  k: 1000,
  M: 1000 ** 2,
  G: 1000 ** 3,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
}

/** Reads `500M`, `1.5Gi`, `250 MB`, or plain bytes. @returns undefined where `text` is no size. */
export function parseSizeLimit(text: string): SizeLimit | undefined {
  const [, number = '', unit = ''] =
    /^(\d{1,12}(?:\.\d{1,6})?) ?(k|M|G|Ki|Mi|Gi|)B?$/.exec(text) ?? []
  const factor = units[unit]
  if (number === '' || factor === undefined) return undefined
  const bytes = Math.floor(Number(number) * factor)
  return bytes > 0 && Number.isSafeInteger(bytes) ? { bytes, text } : undefined
}

/** A platform as it counts against the limit. */
export interface LimitedPlatform extends Pick<PlatformImage, 'sizeBytes'> {
  readonly platform: Platform | undefined
  /** Empty where nothing of them is known. */
  readonly biggestLayers: readonly BigLayer[]
}

/** Whether nothing is larger than the limit allows. Exactly the limit is allowed. */
export function isWithin(limit: SizeLimit, platforms: readonly { sizeBytes: number }[]): boolean {
  return platforms.every(({ sizeBytes }) => sizeBytes <= limit.bytes)
}

/**
 * What a limit says to the sizes of an image.
 * @param where `host/name@digest`.
 * @returns `image-too-large` with every platform that is, and its biggest layers.
 */
export function exceedsLimit(
  limit: SizeLimit,
  platforms: readonly LimitedPlatform[],
  where: string,
): ActionError | undefined {
  const large = platforms.filter((platform) => !isWithin(limit, [platform]))
  if (large.length === 0) return undefined
  const sizes = large.map(
    (platform) =>
      `${subjectName(platform)} has ${platform.sizeBytes} bytes (${formatBytes(platform.sizeBytes)})`,
  )
  return new ActionError(
    'image-too-large',
    `"${where}" is larger than "${limit.text}" allows (${limit.bytes} bytes compressed): ${sizes.join(', ')}`,
    'Make the layers that are named smaller (a smaller base image, build tools in a stage of their own), or raise `max-image-size`; no further tag was put on and nothing was deployed.',
    { details: large.flatMap(layerLines) },
  )
}

function layerLines(platform: LimitedPlatform): readonly string[] {
  return platform.biggestLayers.map((layer) => `${subjectName(platform)}: ${describeLayer(layer)}`)
}

/** `120.4 MB by RUN npm ci`. */
export function describeLayer({ sizeBytes, instruction }: BigLayer): string {
  return instruction === undefined
    ? `${formatBytes(sizeBytes)} in one layer`
    : `${formatBytes(sizeBytes)} by ${instruction}`
}

import {
  numberAt,
  objectAt,
  objectsAt,
  parseJsonObject,
  stringAt,
  type JsonObject,
} from '../../json.ts'
import { isDigest, type Digest } from '../digest.ts'

/** A blob that a manifest names. */
export interface Blob {
  readonly digest: Digest
  readonly mediaType: string
  /** As stored: layers compressed. */
  readonly sizeBytes: number
}

/** The blobs of one platform's manifest, layers from the base up. */
export interface ManifestBlobs {
  readonly config: Blob
  readonly layers: readonly Blob[]
}

/** @returns undefined where `text` is not the manifest of an image. */
export function parseBlobs(text: string): ManifestBlobs | undefined {
  const value = parseJsonObject(text)
  if (value === undefined || !Array.isArray(value['layers'])) return undefined
  const config = toBlob(objectAt(value, 'config'))
  const described = objectsAt(value, 'layers')
  const layers = described.flatMap((layer) => toBlob(layer) ?? [])
  return config === undefined || layers.length !== described.length ? undefined : { config, layers }
}

/**
 * The instruction that made each layer, as the image's configuration tells it (OCI image
 * specification, `history`): entries without `empty_layer` are the layers, in order.
 * @returns undefined where the history does not match the number of layers.
 */
export function instructionsOf(
  configText: string,
  layerCount: number,
): readonly string[] | undefined {
  const history = objectsAt(parseJsonObject(configText) ?? {}, 'history')
  const filled = history.filter((entry) => entry['empty_layer'] !== true)
  if (filled.length !== layerCount) return undefined
  return filled.map((entry) => readableInstruction(stringAt(entry, 'created_by') ?? ''))
}

const shownCharacters = 80

/**
 * A `created_by` as it stands in the Dockerfile, as far as it can be told. BuildKit writes
 * `RUN |1 NAME=value /bin/sh -c npm ci # buildkit`: values of build arguments are left out.
 */
function readableInstruction(createdBy: string): string {
  const text = createdBy
    .replaceAll(/\s+/g, ' ')
    .replace(/ # buildkit$/, '')
    .replace(/^\/bin\/sh -c #\(nop\) /, '')
    .replace(/^(?:RUN )?\|\d+ .*?(?=\/\S*sh (?:-\S+ )|$)/, 'RUN ')
    .replace(/^(?:RUN )?\/\S*sh (?:-\S+ (?:pipefail )?)+/, 'RUN ')
    .trim()
  if (text === '') return 'unknown'
  return text.length <= shownCharacters ? text : `${text.slice(0, shownCharacters - 1)}…`
}

function toBlob(value: JsonObject): Blob | undefined {
  const digest = stringAt(value, 'digest') ?? ''
  const sizeBytes = numberAt(value, 'size')
  if (!isDigest(digest) || sizeBytes === undefined) return undefined
  return { digest, mediaType: stringAt(value, 'mediaType') ?? '', sizeBytes }
}

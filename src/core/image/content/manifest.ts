import {
  numberAt,
  objectAt,
  objectsAt,
  parseJsonObject,
  stringAt,
  type JsonObject,
} from '../../json.ts'
import { isDigest, type Digest } from '../digest.ts'
import { parsePlatform, type Platform } from '../platform.ts'

/** The manifest types that an image can have in ECR; asked for in every read. */
export const manifestMediaTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
] as const

export type Annotations = Readonly<Record<string, string>>

/** An OCI index or a Docker manifest list: one child for each platform. */
export interface ImageIndex {
  readonly kind: 'index'
  /** Without the attestation manifests, which BuildKit files under `unknown/unknown`. */
  readonly children: readonly { readonly platform: Platform; readonly digest: Digest }[]
  readonly annotations: Annotations
}

/** The manifest of one platform. Which one, only its config blob says. */
export interface ImageManifest {
  readonly kind: 'manifest'
  /** Compressed bytes of config and layers. */
  readonly sizeBytes: number
  readonly annotations: Annotations
}

/** @returns undefined where `text` is neither an index nor a manifest. */
export function parseManifest(text: string): ImageIndex | ImageManifest | undefined {
  const value = parseJsonObject(text)
  if (value === undefined) return undefined
  const annotations = annotationsOf(value)
  if (Array.isArray(value['manifests'])) {
    const children = objectsAt(value, 'manifests').flatMap(parseChild)
    return { kind: 'index', children, annotations }
  }
  if (!Array.isArray(value['layers'])) return undefined
  const blobs = [objectAt(value, 'config'), ...objectsAt(value, 'layers')]
  const sizeBytes = blobs.reduce((sum, blob) => sum + (numberAt(blob, 'size') ?? 0), 0)
  return { kind: 'manifest', sizeBytes, annotations }
}

function parseChild(child: JsonObject): ImageIndex['children'] {
  const described = objectAt(child, 'platform')
  const parts = ['os', 'architecture', 'variant'].flatMap((part) => stringAt(described, part) || [])
  const platform = parsePlatform(parts.join('/'))
  const digest = stringAt(child, 'digest') ?? ''
  if (platform === undefined || platform === 'unknown/unknown' || !isDigest(digest)) return []
  return [{ platform, digest }]
}

function annotationsOf(value: JsonObject): Annotations {
  const entries = Object.entries(objectAt(value, 'annotations'))
  return Object.fromEntries(
    entries.flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : [])),
  )
}

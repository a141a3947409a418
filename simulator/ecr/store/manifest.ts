import { isObject, parseJson, textOf } from '../../wire/json.ts'
import type { Json, JsonObject } from '../../wire/service.ts'
import { digestOf } from './digest.ts'
import { isIndexType, isManifestType } from './media-types.ts'

/** A pointer to content, as OCI defines it. */
export interface Descriptor {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
  /** `linux/arm64/v8` where the index tells. */
  readonly platform?: string
}

/** A manifest or index as it was pushed, and what was read out of it. */
export interface Manifest {
  readonly digest: string
  readonly mediaType: string
  /** The bytes as they came: their digest is the identity. */
  readonly text: string
  /** Of an image: its configuration. */
  readonly config?: Descriptor
  readonly layers: readonly Descriptor[]
  /** Of an index: its children. */
  readonly manifests: readonly Descriptor[]
  readonly subject?: Descriptor
  readonly artifactType?: string
  readonly annotations?: JsonObject
}

/** The text is not a manifest of its media type. */
export class MalformedManifest extends Error {}

/**
 * Reads a manifest.
 * @param mediaType What the client said; it has to agree with the body's own `mediaType`.
 */
export function parseManifest(text: string, mediaType: string): Manifest {
  const body = parseBody(text)
  const own = textOf(body['mediaType'])
  if (!isManifestType(mediaType)) throw new MalformedManifest(`media type ${mediaType}`)
  if (own !== undefined && own !== mediaType) {
    throw new MalformedManifest(`the media type is ${mediaType}, the body says ${own}`)
  }
  const config = body['config'] === undefined ? undefined : descriptor(body['config'])
  if (!isIndexType(mediaType) && config === undefined) throw new MalformedManifest('no config')
  const subject = body['subject'] === undefined ? undefined : descriptor(body['subject'])
  const artifactType = textOf(body['artifactType'])
  const annotations = isObject(body['annotations']) ? body['annotations'] : undefined
  return {
    digest: digestOf(text),
    mediaType,
    text,
    layers: isIndexType(mediaType) ? [] : descriptors(body['layers']),
    manifests: isIndexType(mediaType) ? descriptors(body['manifests']) : [],
    ...(config !== undefined && { config }),
    ...(subject !== undefined && { subject }),
    ...(artifactType !== undefined && { artifactType }),
    ...(annotations !== undefined && { annotations }),
  }
}

/** The media type that a manifest's body states; undefined when it states none. */
export function statedMediaType(text: string): string | undefined {
  return textOf(parseBody(text)['mediaType'])
}

function parseBody(text: string): JsonObject {
  try {
    const body = parseJson(text)
    if (isObject(body)) return body
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
  }
  throw new MalformedManifest('not a JSON object')
}

function descriptors(value: Json | undefined): readonly Descriptor[] {
  if (!Array.isArray(value)) throw new MalformedManifest('a list of descriptors is missing')
  return value.map(descriptor)
}

function descriptor(value: Json): Descriptor {
  if (!isObject(value)) throw new MalformedManifest('a descriptor is not an object')
  const { mediaType, digest, size, platform } = value
  if (typeof mediaType !== 'string' || typeof digest !== 'string' || typeof size !== 'number') {
    throw new MalformedManifest('a descriptor lacks mediaType, digest or size')
  }
  const name = isObject(platform) ? platformName(platform) : undefined
  return { mediaType, digest, size, ...(name !== undefined && { platform: name }) }
}

/** `linux/amd64`, `linux/arm/v7`: of a descriptor's platform or of an image's configuration. */
export function platformName(platform: JsonObject): string | undefined {
  const os = textOf(platform['os'])
  const architecture = textOf(platform['architecture'])
  if (os === undefined || architecture === undefined) return undefined
  const variant = textOf(platform['variant'])
  return [os, architecture, ...(variant === undefined || variant === '' ? [] : [variant])].join('/')
}

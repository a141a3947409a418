import type { JsonObject } from '../../wire/service.ts'
import type { StoredImage } from './repository.ts'

/** The descriptor by which an artifact is listed under its subject. */
export interface Referrer {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
  readonly artifactType: string | undefined
  readonly annotations: JsonObject | undefined
}

export function referrer({ manifest }: StoredImage): Referrer {
  return {
    mediaType: manifest.mediaType,
    digest: manifest.digest,
    size: Buffer.byteLength(manifest.text),
    artifactType: manifest.artifactType ?? manifest.config?.mediaType,
    annotations: manifest.annotations,
  }
}

import type { Digest } from '../digest.ts'

/** A manifest or index exactly as a registry stores it. */
export interface StoredManifest {
  readonly digest: Digest
  readonly mediaType: string
  /** The very bytes, as text; their hash is the digest. */
  readonly manifest: string
}

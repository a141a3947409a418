import type { Readable } from 'node:stream'

import type { Manifest } from './manifest.ts'

/** A part of a blob: first and last byte, both included. */
export interface ByteRange {
  readonly first: number
  readonly last: number
}

/** Keeps blobs by digest. Which repository holds which blob is not its business. */
export interface BlobStore {
  /** Size in bytes; undefined when there is no such blob. */
  size(digest: string): number | undefined
  read(digest: string, range?: ByteRange): Readable
  /** Begins a blob whose bytes arrive in pieces. */
  begin(): Promise<BlobWriter>
  /**
   * Of a store that is a registry of its own: keeps a manifest whose blobs it holds, once ECR's
   * rules have let it pass. Rejects what it does not take.
   * @param repository With the host of its registry: `HOST/team/app`.
   */
  keepManifest?(repository: string, manifest: Manifest, tag: string | undefined): Promise<void>
  /** Gives up all that is stored. */
  close(): Promise<void>
}

/** A blob that is being written. */
export interface BlobWriter {
  write(chunk: Uint8Array): Promise<void>
  /** Keeps the bytes under `digest`, which the caller has checked. */
  keep(digest: string, size: number): Promise<void>
  discard(): Promise<void>
}

import type { Readable } from 'node:stream'

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

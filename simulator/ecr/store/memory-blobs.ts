import { Readable } from 'node:stream'

import type { BlobStore, BlobWriter, ByteRange } from './blob-store.ts'

/** Blobs in memory: for tests, whose layers are small. */
export class MemoryBlobs implements BlobStore {
  readonly #blobs = new Map<string, Buffer>()

  size(digest: string): number | undefined {
    return this.#blobs.get(digest)?.length
  }

  read(digest: string, range?: ByteRange): Readable {
    const blob = this.#blobs.get(digest)
    if (blob === undefined) throw new Error(`no blob ${digest}`)
    return Readable.from([range === undefined ? blob : blob.subarray(range.first, range.last + 1)])
  }

  begin(): Promise<BlobWriter> {
    const chunks: Uint8Array[] = []
    const writer: BlobWriter = {
      write: (chunk) => {
        chunks.push(chunk)
        return Promise.resolve()
      },
      keep: (digest) => {
        this.#blobs.set(digest, Buffer.concat(chunks))
        return Promise.resolve()
      },
      discard: () => {
        chunks.length = 0
        return Promise.resolve()
      },
    }
    return Promise.resolve(writer)
  }

  close(): Promise<void> {
    this.#blobs.clear()
    return Promise.resolve()
  }
}

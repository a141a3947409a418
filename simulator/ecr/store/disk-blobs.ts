import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

import type { BlobStore, BlobWriter, ByteRange } from './blob-store.ts'

/** Blobs as files: a layer is never held in memory as a whole. */
export class DiskBlobs implements BlobStore {
  readonly #directory: string
  readonly #sizes = new Map<string, number>()

  private constructor(directory: string) {
    this.#directory = directory
  }

  /** Keeps blobs in a new directory of its own below `parent`, which `close` removes. */
  static async create(parent: string): Promise<DiskBlobs> {
    await mkdir(parent, { recursive: true })
    return new DiskBlobs(await mkdtemp(join(parent, 'blobs-')))
  }

  size(digest: string): number | undefined {
    return this.#sizes.get(digest)
  }

  read(digest: string, range?: ByteRange): Readable {
    const part = range === undefined ? {} : { start: range.first, end: range.last }
    return createReadStream(this.#path(digest), part)
  }

  async begin(): Promise<BlobWriter> {
    const path = join(this.#directory, `upload-${randomUUID()}`)
    const file = await open(path, 'wx', 0o600)
    return {
      write: async (chunk) => {
        await file.appendFile(chunk)
      },
      keep: async (digest, size) => {
        await file.close()
        await rename(path, this.#path(digest))
        this.#sizes.set(digest, size)
      },
      discard: async () => {
        await file.close()
        await rm(path, { force: true })
      },
    }
  }

  async close(): Promise<void> {
    this.#sizes.clear()
    await rm(this.#directory, { recursive: true, force: true })
  }

  #path(digest: string): string {
    return join(this.#directory, digest.replace(':', '-'))
  }
}

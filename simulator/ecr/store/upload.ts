import { createHash, randomUUID } from 'node:crypto'

import type { BlobStore, BlobWriter } from './blob-store.ts'

/** A layer on its way into a repository; its digest is computed as the bytes arrive. */
export class Upload {
  readonly id = randomUUID()
  readonly repositoryName: string
  readonly #writer: BlobWriter
  readonly #hash = createHash('sha256')
  #size = 0

  private constructor(repositoryName: string, writer: BlobWriter) {
    this.repositoryName = repositoryName
    this.#writer = writer
  }

  static async begin(repositoryName: string, blobs: BlobStore): Promise<Upload> {
    return new Upload(repositoryName, await blobs.begin())
  }

  /** Bytes so far. */
  get size(): number {
    return this.#size
  }

  /** Digest of the bytes so far. */
  get digest(): string {
    return `sha256:${this.#hash.copy().digest('hex')}`
  }

  /** Takes the bytes of one request; what had arrived when a client went away stays. */
  async append(body: AsyncIterable<unknown>): Promise<void> {
    for await (const chunk of body) {
      if (!(chunk instanceof Uint8Array)) throw new TypeError('a layer is made of bytes')
      await this.#writer.write(chunk)
      this.#hash.update(chunk)
      this.#size += chunk.byteLength
    }
  }

  /** Keeps the bytes as a blob under their digest. */
  async finish(): Promise<void> {
    await this.#writer.keep(this.digest, this.#size)
  }

  async cancel(): Promise<void> {
    await this.#writer.discard()
  }
}

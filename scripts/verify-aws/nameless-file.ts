import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, ftruncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * A file that has lost its name: what is in it is gone when this process ends, however it ends.
 * Raw exchanges hold credentials; they are never in a file that could stay behind. Linux only.
 */
export class NamelessFile {
  readonly #descriptor: number
  readonly #reader: number

  constructor() {
    const directory = mkdtempSync(join(tmpdir(), 'steadyship-record-'))
    const name = join(directory, 'exchanges')
    this.#descriptor = openSync(name, 'a', 0o600)
    this.#reader = openSync(name, 'r')
    rmSync(directory, { recursive: true })
  }

  /** By which another process of the same user appends to it. */
  get path(): string {
    return `/proc/${process.pid}/fd/${this.#descriptor}`
  }

  /** What was appended since the last time. */
  take(): string {
    const text = readFileSync(`/proc/self/fd/${this.#reader}`, 'utf8')
    ftruncateSync(this.#descriptor)
    return text
  }

  close(): void {
    closeSync(this.#descriptor)
    closeSync(this.#reader)
  }
}

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { readCaptured } from '../../simulator/traces/captured.ts'
import type { Exchange } from '../../simulator/traces/trace.ts'
import { NamelessFile } from './nameless-file.ts'

/** A URL, because NODE_OPTIONS is split at spaces. */
const preload = pathToFileURL(join(import.meta.dirname, 'tee-exchanges.ts')).href

/** Records the AWS API calls of processes of Node 24 that are started with its environment. */
export class Recorder {
  readonly #file = new NamelessFile()

  /** @param nodeOptions Further NODE_OPTIONS of the process. */
  environment(nodeOptions = ''): Readonly<Record<string, string>> {
    return {
      NODE_OPTIONS: `${nodeOptions} --import=${preload}`.trim(),
      RECORD_EXCHANGES_TO: this.#file.path,
    }
  }

  /** The exchanges since the last time, not redacted. */
  take(): readonly Exchange[] {
    return readCaptured(this.#file.take())
  }

  close(): void {
    this.#file.close()
  }
}

import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { constants } from 'node:os'
import type { Readable } from 'node:stream'

import { LineSplitter } from './lines.ts'

/** How long the runner waits for a process that it has asked to end. */
export interface Patience {
  /** From SIGINT to SIGTERM. */
  readonly interruptMs: number
  /** From SIGTERM to SIGKILL. */
  readonly terminateMs: number
  /** From the process's end to giving up on streams that its orphans hold open. */
  readonly streamsMs: number
}

/** The runner's own times (actions/runner, ProcessInvoker). */
export const runnerPatience: Patience = { interruptMs: 7500, terminateMs: 2500, streamsMs: 5000 }

/** A program to run, and where its lines go. */
export interface Invocation {
  readonly program: string
  readonly arguments: readonly string[]
  readonly directory: string
  /** Its whole environment: nothing of this process's is added. */
  readonly environment: Readonly<Record<string, string>>
  readonly onLine: (line: string) => void
  /** Asks it to end, as the runner does when a job is cancelled. */
  readonly cancelled?: AbortSignal
  readonly patience: Patience
}

/** How a process ended. */
export interface ProcessEnd {
  /** 128 + n for a process that signal n ended. */
  readonly exitCode: number
  /** The last signal that the runner sent it, if any. */
  readonly signalled?: NodeJS.Signals
}

/**
 * Runs a program to its end. Its stdout and stderr are read line by line, in the order of arrival.
 * On cancellation its process, and no child of it, gets SIGINT, then SIGTERM, then SIGKILL.
 */
export function invoke(invocation: Invocation): Promise<ProcessEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn(invocation.program, invocation.arguments, {
      cwd: invocation.directory,
      env: { ...invocation.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const flush = [child.stdout, child.stderr].map((stream) => readLines(stream, invocation.onLine))
    const cancellation = new Cancellation(child, invocation.patience)
    const cancel = (): void => {
      cancellation.start()
    }
    if (invocation.cancelled?.aborted === true) cancel()
    invocation.cancelled?.addEventListener('abort', cancel)
    let streamsTimer: NodeJS.Timeout | undefined
    child.once('error', reject)
    child.once('exit', () => {
      cancellation.stop()
      streamsTimer = setTimeout(() => {
        child.stdout.destroy()
        child.stderr.destroy()
      }, invocation.patience.streamsMs)
    })
    child.once('close', (code, signal) => {
      clearTimeout(streamsTimer)
      invocation.cancelled?.removeEventListener('abort', cancel)
      for (const end of flush) end()
      const signalled = cancellation.lastSignal
      resolve({ exitCode: exitCodeOf(code, signal), ...(signalled && { signalled }) })
    })
  })
}

/** Gives the stream's lines to `onLine`, and returns what gives it an unfinished last one. */
function readLines(stream: Readable, onLine: (line: string) => void): () => void {
  const splitter = new LineSplitter()
  stream.on('data', (chunk: Buffer) => {
    for (const line of splitter.push(chunk)) onLine(line)
  })
  return () => {
    for (const line of splitter.end()) onLine(line)
  }
}

/** The three steps by which the runner ends a process. */
class Cancellation {
  lastSignal: NodeJS.Signals | undefined
  readonly #child: ChildProcess
  readonly #patience: Patience
  #timer: NodeJS.Timeout | undefined

  constructor(child: ChildProcess, patience: Patience) {
    this.#child = child
    this.#patience = patience
  }

  start(): void {
    this.#send('SIGINT')
    this.#timer = setTimeout(() => {
      this.#send('SIGTERM')
      this.#timer = setTimeout(() => {
        this.#send('SIGKILL')
      }, this.#patience.terminateMs)
    }, this.#patience.interruptMs)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #send(signal: NodeJS.Signals): void {
    this.lastSignal = signal
    this.#child.kill(signal)
  }
}

const exitCodeOf = (code: number | null, signal: NodeJS.Signals | null): number =>
  code ?? 128 + (signal === null ? 0 : constants.signals[signal])

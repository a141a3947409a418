import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { ActionError } from '../../core/errors/action-error.ts'
import { CommandUnavailable } from '../../core/errors/command-unavailable.ts'
import type { ProcessRequest, ProcessResult, Processes } from '../../ports/processes.ts'
import { errorCode } from '../system/error-code.ts'
import { childEnvironment } from './environment.ts'
import { LineSplitter } from './line-splitter.ts'

const stdoutLimit = 1024 * 1024
const stderrLines = 400
/** From SIGTERM to SIGKILL; the runner itself leaves us 7.5 s after its first signal. */
const graceMs = 2_000
/** How long after a child's end we wait for output that its own children still hold open. */
const drainMs = 500

/** Runs children of this process. @param job The variables of the job. */
export function createProcesses(job: Readonly<Record<string, string | undefined>>): Processes {
  return {
    variable: (name) => job[name],
    run: async (request, signal) => {
      signal.throwIfAborted()
      return await new Execution(request, job).result(signal)
    },
  }
}

/** One child from its start to its end. */
class Execution {
  readonly #request: ProcessRequest
  readonly #child: ChildProcessWithoutNullStreams
  readonly #stderrTail: string[] = []
  #stdout = ''
  #truncated = false

  constructor(request: ProcessRequest, job: Readonly<Record<string, string | undefined>>) {
    this.#request = request
    this.#child = spawn(request.command, [...request.arguments], {
      env: childEnvironment(job, request.environment, request.keptVariables),
      cwd: request.workingDirectory,
      // A group of its own: docker starts its plugins as children, and both must end.
      detached: true,
      stdio: 'pipe',
    })
  }

  async result(signal: AbortSignal): Promise<ProcessResult> {
    const ended = this.#end()
    this.#listen()
    const stopKilling = this.#killOnAbort(signal)
    try {
      const exitCode = await ended
      signal.throwIfAborted()
      const [stdout, truncated] = [this.#stdout, this.#truncated]
      return { exitCode, stdout, truncated, stderrTail: this.#stderrTail }
    } finally {
      stopKilling()
      // What the child started may have outlived it.
      if (signal.aborted) this.#signalGroup('SIGKILL')
    }
  }

  #listen(): void {
    const { stdout, stderr, stdin } = this.#child
    const { onLine, input } = this.#request
    const outLines = new LineSplitter((line) => onLine?.(line))
    stdout.setEncoding('utf8').on('data', (text: string) => {
      const room = stdoutLimit - this.#stdout.length
      this.#stdout += text.slice(0, room)
      this.#truncated ||= text.length > room
      outLines.push(text)
    })
    stdout.on('end', () => outLines.end())
    const errorLines = new LineSplitter((line) => {
      this.#stderrTail.push(line)
      if (this.#stderrTail.length > stderrLines) this.#stderrTail.shift()
      onLine?.(line)
    })
    stderr.setEncoding('utf8').on('data', (text: string) => errorLines.push(text))
    stderr.on('end', () => errorLines.end())
    // A child that ends without reading its input says why by its exit code.
    stdin.on('error', () => undefined)
    stdin.end(input)
  }

  /** Resolves once the child has ended and its output is read, with 128 + n for signal n. */
  #end(): Promise<number> {
    const child = this.#child
    return new Promise((resolve, reject) => {
      child.once('error', (error) => reject(this.#unavailable(error)))
      child.once('exit', (code, name) => {
        const exitCode = code ?? 128 + (name === null ? 0 : constants.signals[name])
        const drained = setTimeout(() => {
          child.stdout.destroy()
          child.stderr.destroy()
        }, drainMs)
        child.once('close', () => {
          clearTimeout(drained)
          resolve(exitCode)
        })
      })
    })
  }

  /** The system gives the same code where the command is missing and where its folder is. */
  #unavailable(error: Error): ActionError {
    const { command, workingDirectory } = this.#request
    if (errorCode(error) !== 'ENOENT') {
      return new CommandUnavailable(command, `cannot be run: ${error.message}`, error)
    }
    if (workingDirectory === undefined || existsSync(workingDirectory)) {
      return new CommandUnavailable(command, 'was not found on PATH', error)
    }
    return new ActionError(
      'file-unreadable',
      `"${command}" cannot be run in "${workingDirectory}": there is no such folder`,
      'Run actions/checkout before this step, and let no step remove the workspace.',
      { cause: error },
    )
  }

  /** Ends the child and its children when `signal` aborts. @returns stops doing so. */
  #killOnAbort(signal: AbortSignal): () => void {
    let last: NodeJS.Timeout | undefined
    const kill = (): void => {
      this.#signalGroup('SIGTERM')
      last = setTimeout(() => this.#signalGroup('SIGKILL'), graceMs)
    }
    signal.addEventListener('abort', kill, { once: true })
    return () => {
      signal.removeEventListener('abort', kill)
      clearTimeout(last)
    }
  }

  #signalGroup(name: 'SIGTERM' | 'SIGKILL'): void {
    const { pid } = this.#child
    if (pid === undefined) return
    try {
      process.kill(-pid, name)
    } catch (error) {
      // The whole group has ended already.
      if (errorCode(error) !== 'ESRCH') throw error
    }
  }
}

import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface DockerResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** A child that goes on until what it follows ends, or until it is told to. */
export interface Following {
  readonly ended: Promise<void>
  end(): void
}

/** Runs the `docker` program; never through a shell. */
export class DockerCli {
  readonly #program: string
  readonly #environment: NodeJS.ProcessEnv
  readonly #children = new Set<ChildProcess>()

  /**
   * @param program The program's name or path.
   * @param environment All that the program sees: PATH, HOME, DOCKER_HOST, DOCKER_CONFIG.
   */
  constructor(program: string, environment: NodeJS.ProcessEnv) {
    this.#program = program
    this.#environment = environment
  }

  /** Runs to the end. A program that cannot be started is a result, too: exit code 127. */
  async run(argv: readonly string[], extra: NodeJS.ProcessEnv = {}): Promise<DockerResult> {
    const child = this.#spawn(argv, extra)
    let stdout = ''
    let stderr = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    return new Promise((resolve) => {
      child.on('error', (error) => resolve({ exitCode: 127, stdout, stderr: error.message }))
      child.on('close', (code) => resolve({ exitCode: code ?? 137, stdout, stderr }))
    })
  }

  /** Passes on every line of both streams as it comes. */
  follow(argv: readonly string[], onLine: (line: string) => void): Following {
    const child = this.#spawn(argv, {})
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', onLine)
    }
    const ended = new Promise<void>((resolve) => {
      child.on('error', () => resolve())
      child.on('close', () => resolve())
    })
    return { ended, end: () => void child.kill('SIGKILL') }
  }

  /** Ends every child that still runs. */
  killAll(): void {
    for (const child of this.#children) child.kill('SIGKILL')
  }

  #spawn(argv: readonly string[], extra: NodeJS.ProcessEnv): ChildProcess {
    const child = spawn(this.#program, argv, {
      env: { ...this.#environment, ...extra },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#children.add(child)
    child.on('close', () => this.#children.delete(child))
    return child
  }
}

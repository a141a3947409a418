import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as rest } from 'node:timers/promises'

import { startSimulator, type Simulator } from '../simulator/simulator.ts'

const bundle = join(import.meta.dirname, '..', 'dist', 'index.js')

/** Starts Node, bare or with the bundle, and measures; the simulator stands for AWS. */
export class ColdStart {
  readonly #simulator: Simulator
  readonly #directory: string
  readonly #environment: Readonly<Record<string, string>>

  private constructor(simulator: Simulator, directory: string) {
    this.#simulator = simulator
    this.#directory = directory
    this.#environment = environmentOf(simulator, directory)
  }

  static async prepare(): Promise<ColdStart> {
    const directory = await mkdtemp(join(tmpdir(), 'steadyship-bench-'))
    for (const name of ['output', 'state', 'summary']) await writeFile(join(directory, name), '')
    await writeFile(join(directory, 'event.json'), '{}')
    return new ColdStart(await startSimulator(), directory)
  }

  /** @returns milliseconds from the start of `node -e 0` to its end. */
  async bareNode(): Promise<number> {
    const startMs = Date.now()
    await once(this.#start(['-e', '0']), 'exit')
    return Date.now() - startMs
  }

  /**
   * The action in `deploy` mode with keys; it is killed once its first request is there.
   * @returns milliseconds from its start to the arrival of its first request with a good signature.
   * @throws Error where it ends without one.
   */
  async action(): Promise<number> {
    this.#simulator.requests.clear()
    const startMs = Date.now()
    const child = this.#start([bundle])
    const ended = once(child, 'exit')
    const arrivedMs = await this.#firstSignedRequest(child)
    child.kill('SIGKILL')
    await ended
    return arrivedMs - startMs
  }

  async #firstSignedRequest(child: ChildProcess): Promise<number> {
    for (;;) {
      const [first] = this.#simulator.requests.list()
      if (first?.status === 200 && first.caller !== undefined) return first.atMs
      if (child.exitCode !== null) {
        throw new Error('the action ended before it had sent a request with a good signature')
      }
      await rest(1)
    }
  }

  #start(argv: readonly string[]): ChildProcess {
    const options = { cwd: this.#directory, env: { ...this.#environment } }
    return spawn(process.execPath, argv, { ...options, stdio: 'ignore' })
  }

  async close(): Promise<void> {
    await this.#simulator.close()
    await rm(this.#directory, { recursive: true })
  }
}

/** What a runner would give the step, and where AWS is. */
function environmentOf(simulator: Simulator, directory: string): Record<string, string> {
  const key = simulator.iam.addUser({ name: 'bench' })
  return {
    AWS_ENDPOINT_URL: simulator.url,
    GITHUB_ACTIONS: 'true',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_EVENT_PATH: join(directory, 'event.json'),
    GITHUB_OUTPUT: join(directory, 'output'),
    GITHUB_REPOSITORY: 'octo-org/octo-repo',
    GITHUB_STATE: join(directory, 'state'),
    GITHUB_STEP_SUMMARY: join(directory, 'summary'),
    GITHUB_WORKSPACE: directory,
    RUNNER_TEMP: directory,
    INPUT_MODE: 'deploy',
    'INPUT_AWS-REGION': 'us-east-1',
    'INPUT_AWS-ACCESS-KEY-ID': key.accessKeyId,
    'INPUT_AWS-SECRET-ACCESS-KEY': key.secretAccessKey,
    INPUT_CLUSTER: 'main',
    INPUT_SERVICE: 'web',
  }
}

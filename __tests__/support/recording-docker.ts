import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** How the recording docker is to behave; see __tests__/fixtures/docker.mjs. */
export interface DockerScenario {
  /** Where what it pushes really goes, whatever host the image names. */
  readonly registryUrl?: string
  /** The `Platforms:` of builders that are made. */
  readonly platforms?: string
  /** The same of single nodes, by their endpoint. */
  readonly nodePlatforms?: Readonly<Record<string, string>>
  readonly inspectError?: string
  readonly createError?: string
  readonly appendError?: string
  /** The current Docker context; undefined: `default`. */
  readonly context?: string
  /** What `docker info` tells; undefined: no engine runs. */
  readonly info?: object
  /** Why the helper that registers emulators cannot run. */
  readonly helperError?: string
  /** Why it ends without a word of what it registered. */
  readonly installError?: string
  /** Handlers that somebody else registers between our look and our registration. */
  readonly takenMeanwhile?: readonly string[]
  /** What a build prints on standard error before it pushes. */
  readonly progress?: readonly string[]
  /** What a failing build prints on standard error. */
  readonly buildError?: string
  /** The cache of one platform is not written; undefined `exitCode`: buildx ends well all the same. */
  readonly cacheLost?: {
    readonly platform: string
    readonly text: string
    readonly exitCode?: number
  }
  /** A cache is begun to be written, and never ends. */
  readonly cacheHangs?: boolean
  readonly hang?: boolean
  /** What `buildx bake --print` prints; `${IMAGE_VERSION}` in it is that of its environment. */
  readonly bake?: object
  readonly bakePrintError?: string
  /** The first bake fails when it comes to this target, in these words. */
  readonly bakeFailsOnce?: { readonly at: string; readonly text: string }
  readonly withoutMetadata?: boolean
  readonly reportedDigest?: string
  /** What a failing copy prints on standard error. */
  readonly copyError?: string
  readonly noPlugin?: boolean
  /** As `docker buildx version` tells it behind the module's name. */
  readonly buildxVersion?: string
}

/** The kernel below the recording docker. */
export interface RecordedKernel {
  /** Platforms that it runs by itself. */
  readonly native: readonly string[]
  /** Platforms that handlers run. */
  readonly emulated: readonly string[]
  /** Names in binfmt_misc. */
  readonly handlers: readonly string[]
}

export interface DockerCall {
  readonly argv: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly pid: number
  /** Of the process that asked. */
  readonly parentPid: number
}

/** A folder with a `docker` that can be put on a PATH, and what it was asked. */
export class RecordingDocker {
  /** For RUNNER_TEMP and the user's home. */
  readonly folder: string

  private constructor(folder: string) {
    this.folder = folder
  }

  static async prepare(scenario: DockerScenario = {}): Promise<RecordingDocker> {
    const docker = new RecordingDocker(await mkdtemp(join(tmpdir(), 'steadyship-docker-test-')))
    for (const name of ['bin', 'home', 'temporary', 'workspace']) await mkdir(docker.path(name))
    const script = fileURLToPath(new URL('../fixtures/docker.mjs', import.meta.url))
    const executable = docker.path('bin/docker')
    await writeFile(executable, `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`)
    await chmod(executable, 0o755)
    await docker.play(scenario)
    return docker
  }

  /** Changes its behaviour from now on. */
  async play(scenario: DockerScenario): Promise<void> {
    await writeFile(this.path('scenario.json'), JSON.stringify(scenario))
  }

  /** Adds a builder that is there before the run. @param pods How often its node is told. */
  async addBuilder(
    name: string,
    driver: string,
    platforms: string,
    endpoint = 'unix:///var/run/docker.sock',
    pods = 1,
  ): Promise<void> {
    await mkdir(this.path('builders'), { recursive: true })
    const node = { name: `${name}0`, endpoint, platforms }
    const builder = { name, driver, nodes: new Array(pods).fill(node) }
    await writeFile(this.path(`builders/${name}.json`), JSON.stringify(builder))
  }

  /** Says which handlers the kernel has, and what it runs by itself. */
  async setKernel(kernel: Partial<RecordedKernel>): Promise<void> {
    await writeFile(this.path('kernel.json'), JSON.stringify(kernel))
  }

  async kernel(): Promise<RecordedKernel> {
    return JSON.parse(await readFile(this.path('kernel.json'), 'utf8')) as RecordedKernel
  }

  /** The job's variables. */
  get environment(): Readonly<Record<string, string>> {
    return {
      PATH: `${this.path('bin')}:${process.env['PATH'] ?? ''}`,
      HOME: this.path('home'),
      RECORDING_DOCKER: this.folder,
      AWS_SECRET_ACCESS_KEY: 'of-the-job',
    }
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  async calls(): Promise<readonly DockerCall[]> {
    const text = await readFile(this.path('calls.jsonl'), 'utf8').catch(() => '')
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as DockerCall)
  }

  /** `inspect`, `create`, `build`: what it was asked, in order. */
  async verbs(): Promise<readonly (string | undefined)[]> {
    return (await this.calls()).map(({ argv }) => argv[1])
  }

  /** Docker configurations that nobody took away. */
  async leftovers(): Promise<readonly string[]> {
    const names = await readdir(this.path('temporary'))
    return names.filter((name) => name.startsWith('steadyship-docker-'))
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }
}

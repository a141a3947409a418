import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { BakeInputs } from '../../src/core/inputs/build/bake.ts'
import type { BuildInputs, ReleaseInputs } from '../../src/core/inputs/inputs.ts'
import type { JsonObject } from '../../src/core/json.ts'
import { buildInputs } from './build-inputs.ts'
import { buildPorts, type BuildPorts } from './build-ports.ts'
import { inputs as deployInputs } from './ecs-world.ts'
import { usualRunTask } from './run-task-inputs.ts'
import { RecordingDocker, type DockerScenario } from './recording-docker.ts'
import { openRegistry, registryHost, type TestRegistry } from './test-registry.ts'

/** `web` and `worker` as `bake --print` of buildx 0.13.1 gives them for compose.yaml of the example. */
export const printed = {
  group: { default: { targets: ['web', 'worker'] } },
  target: {
    web: {
      context: 'web',
      dockerfile: 'Dockerfile',
      args: { LIST: 'a,b', BRACES: '${HOME} %{x}' },
      tags: [`${registryHost}/sample/web:\${IMAGE_VERSION}`, `${registryHost}/sample/web:latest`],
    },
    worker: {
      context: 'worker',
      dockerfile: 'Dockerfile',
      tags: [`${registryHost}/sample/worker:\${IMAGE_VERSION}`],
    },
  },
}

export const bakeInputs: BakeInputs = {
  files: ['compose.yaml'],
  targets: [],
  set: [],
  platforms: undefined,
  repository: undefined,
}

/** A checkout with two services, a docker that bakes, and a registry with their repositories. */
export class BakeWorld {
  readonly registry: TestRegistry
  readonly docker: RecordingDocker
  readonly ports: BuildPorts

  private constructor(registry: TestRegistry, docker: RecordingDocker) {
    this.registry = registry
    this.docker = docker
    this.ports = buildPorts(docker)
  }

  static async open(): Promise<BakeWorld> {
    const registry = await openRegistry()
    const world = new BakeWorld(registry, await RecordingDocker.prepare())
    await world.play({})
    for (const name of ['sample/web', 'sample/worker']) await registry.createRepository(name)
    await world.checkOut()
    return world
  }

  async close(): Promise<void> {
    await this.docker.remove()
    await this.registry.close()
  }

  async play(scenario: DockerScenario): Promise<void> {
    const registryUrl = this.registry.simulator.registry.url
    await this.docker.play({ registryUrl, bake: printed, ...scenario })
  }

  /** The definition that was built last. */
  async built(): Promise<JsonObject> {
    return JSON.parse(await readFile(this.docker.path('definition.json'), 'utf8')) as JsonObject
  }

  /** The arguments of the calls of bake that built. */
  async bakes(): Promise<readonly (readonly string[])[]> {
    const calls = await this.docker.calls()
    return calls.flatMap(({ argv }) =>
      argv[1] === 'bake' && !argv.includes('--print') ? [argv] : [],
    )
  }

  private async checkOut(): Promise<void> {
    const workspace = this.docker.path('workspace')
    for (const name of ['web', 'worker']) {
      await mkdir(join(workspace, name), { recursive: true })
      await writeFile(join(workspace, name, 'Dockerfile'), `FROM scratch\nCOPY . /${name}\n`)
    }
    await writeFile(join(workspace, 'compose.yaml'), 'services: {}\n')
    const git = (...argv: readonly string[]) =>
      execFileSync('git', ['-C', workspace, '-c', 'user.name=t', '-c', 'user.email=t@e', ...argv])
    git('init', '--quiet')
    git('add', '.')
    git('commit', '--quiet', '--message', 'first')
  }
}

/** A release of the bake files, and whatever a test says is different. */
export function bakedRelease(
  build: Partial<BuildInputs> = {},
  bake: Partial<BakeInputs> = {},
): ReleaseInputs & { readonly build: BuildInputs & { readonly bake: BakeInputs } } {
  const all = { ...bakeInputs, ...bake }
  return {
    mode: 'release',
    dryRun: false,
    identity: {
      region: 'us-east-1',
      proof: { kind: 'ambient' },
      roleToAssume: undefined,
      roleSession: {
        name: 'test',
        durationSeconds: 3600,
        externalId: undefined,
        tagged: true,
        inlinePolicy: undefined,
        managedPolicies: [],
      },
      allowedAccountIds: [],
      exportCredentials: false,
      maskAccountId: false,
    },
    allowUntrustedEvents: false,
    githubToken: undefined,
    gitHub: { guardNewerCommit: false, environment: undefined },
    summary: false,
    deploy: { ...deployInputs, services: [] },
    runTask: usualRunTask,
    publish: { repository: { name: '' }, copies: [], creation: undefined },
    build: { ...buildInputs(build), bake: all },
  }
}

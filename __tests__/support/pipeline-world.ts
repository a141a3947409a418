import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

import { VirtualClock } from '../../simulator/clock/virtual-clock.ts'
import { ScriptedDriver } from '../../simulator/ecs/drivers/scripted-driver.ts'
import { startSimulator, type Simulator } from '../../simulator/simulator.ts'
import { createAws } from '../../src/adapters/aws/session.ts'
import { sessionTags } from '../../src/core/identity/session-tags.ts'
import { parseInputs } from '../../src/core/inputs/parse-inputs.ts'
import type { JsonObject } from '../../src/core/json.ts'
import type { RunEnd } from '../../src/core/report/run-end.ts'
import { runPipeline } from '../../src/pipeline.ts'
import { buildPorts, type BuildPorts } from './build-ports.ts'
import { makeRepository } from './git-repository.ts'
import { RecordingDocker } from './recording-docker.ts'
import { SimulatedClock } from './simulated-clock.ts'

/** How a run of the pipeline ended, and what it had of the world. */
export interface PipelineRun {
  /** Undefined where the pipeline threw. */
  readonly end: RunEnd | undefined
  readonly error: unknown
  readonly ports: BuildPorts
  /** `ecs:DescribeServices`: what was asked of AWS by this run, in order. */
  readonly asked: readonly string[]
  /** The credentials of which accounts were handed to later steps. */
  readonly exported: number
}

/** Members of CreateService and of the first task definition over the usual ones. */
export interface PipelineWorldOptions {
  readonly service?: JsonObject
  readonly definition?: JsonObject
}

/**
 * The whole pipeline in one process, with its real adapters: the simulator in virtual time, a
 * recording docker that really pushes, a steady service `web` in cluster `main` and an immutable
 * repository `team/web`.
 */
export class PipelineWorld {
  readonly simulator: Simulator
  readonly docker: RecordingDocker
  readonly clock: SimulatedClock
  readonly driver: ScriptedDriver
  readonly commit: string
  readonly #key: { readonly accessKeyId: string; readonly secretAccessKey: string }
  readonly #before = new Map<string, string | undefined>()

  private constructor(
    simulator: Simulator,
    docker: RecordingDocker,
    clock: SimulatedClock,
    driver: ScriptedDriver,
  ) {
    this.simulator = simulator
    this.docker = docker
    this.clock = clock
    this.driver = driver
    this.commit = makeRepository(docker.path('workspace'))
    this.#key = simulator.iam.addUser({ name: 'deployer' })
    for (const [name, value] of Object.entries(simulator.environment)) {
      if (!name.startsWith('AWS_ENDPOINT_URL')) continue
      this.#before.set(name, process.env[name])
      process.env[name] = value
    }
  }

  static async create(options: PipelineWorldOptions = {}): Promise<PipelineWorld> {
    const virtual = new VirtualClock(Date.now())
    const driver = new ScriptedDriver(virtual)
    const registry = { foreignImages: 'assume' } as const
    const simulator = await startSimulator({ clock: virtual, driver, registry })
    simulator.ecr.registry.create('team/web', { tagMutability: 'IMMUTABLE' })
    const docker = await RecordingDocker.prepare({ registryUrl: simulator.url })
    const world = new PipelineWorld(simulator, docker, new SimulatedClock(virtual), driver)
    await world.call('CreateCluster', { clusterName: 'main' })
    await world.call('RegisterTaskDefinition', { ...taskDefinition, ...options.definition })
    await world.call('CreateService', {
      ...{ cluster: 'main', serviceName: 'web', taskDefinition: 'web', desiredCount: 2 },
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
      ...options.service,
    })
    await world.clock.sleep(180_000)
    return world
  }

  /** An operation of ECS, as somebody else calls it. */
  async call(operation: string, input: JsonObject): Promise<JsonObject> {
    const perform = this.simulator.ecs.operations[operation]
    if (perform === undefined) throw new TypeError(`no operation ${operation}`)
    const arn = 'arn:aws:iam::123456789012:user/operator'
    const caller = { accessKeyId: 'AKIA', accountId: '123456789012', region: 'us-east-1', arn }
    const plain = JSON.parse(JSON.stringify(input)) as Parameters<typeof perform>[0]
    return await perform(plain, { caller, requestId: 'operator' })
  }

  /** A run with these inputs, as a user with all permissions or with those of `allow`. */
  async run(
    inputs: Readonly<Record<string, string>>,
    options: { readonly allow?: readonly string[]; readonly signal?: AbortSignal } = {},
  ): Promise<PipelineRun> {
    const { allow, signal } = options
    const key = allow === undefined ? this.#key : this.#userWith(allow)
    const values = {
      ...{ 'aws-region': 'us-east-1', 'aws-access-key-id': key.accessKeyId },
      ...{ 'aws-secret-access-key': key.secretAccessKey, ...inputs },
    }
    const parsed = parseInputs(new Map(Object.entries(values)), { region: undefined })
    let exported = 0
    const ports = this.#ports(() => void (exported += 1), signal)
    const before = this.simulator.requests.list().length
    let end: RunEnd | undefined
    let error: unknown
    try {
      end = await runPipeline(parsed, ports)
    } catch (thrown) {
      error = thrown
    }
    const asked = this.simulator.requests
      .list()
      .slice(before)
      .map(({ service, operation }) => `${service}:${operation}`)
    return { end, error, ports, asked, exported }
  }

  /** Files in the runner's temporary folder. */
  async temporaryFiles(): Promise<readonly string[]> {
    const options = { recursive: true, withFileTypes: true } as const
    const entries = await readdir(this.docker.path('temporary'), options)
    const files = entries.filter((entry) => !entry.isDirectory())
    return files.map(({ parentPath, name }) => join(parentPath, name)).toSorted()
  }

  async close(): Promise<void> {
    for (const [name, value] of this.#before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name)
      else process.env[name] = value
    }
    await this.simulator.close()
    await this.docker.remove()
  }

  #userWith(allow: readonly string[]) {
    return this.simulator.iam.addUser({ name: `some-${allow.length}`, allow })
  }

  #ports(exportCredentials: () => void, signal: AbortSignal | undefined): BuildPorts {
    const { docker, clock, commit } = this
    const event = { repository: { private: true } }
    const context = { repository: 'octo-org/octo-repo', sha: commit, event }
    const ports = buildPorts(docker, { context, clock, ...(signal !== undefined && { signal }) })
    const unused = (): never => {
      throw new Error('a run with keys needs no token')
    }
    const aws = createAws({
      ...{ mintToken: unused, readToken: unused, exportCredentials, clock },
      sessionTags: sessionTags({}),
      mask: (secret) => {
        ports.report.mask(secret)
      },
      warn: (text) => {
        ports.report.warning(text)
      },
    })
    return { ...ports, aws }
  }
}

export const taskDefinition: JsonObject = {
  family: 'web',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
  containerDefinitions: [{ name: 'web', image: 'registry.example.com/web:first' }],
}

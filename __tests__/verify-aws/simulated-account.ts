import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

import { Workspace } from '../../scripts/demo/workspace.ts'
import type { Target } from '../../scripts/verify-aws/arguments.ts'
import { perform } from '../../scripts/verify-aws/perform.ts'
import { VirtualClock } from '../../simulator/clock/virtual-clock.ts'
import { advance } from '../../simulator/control/control.ts'
import { ScriptedDriver } from '../../simulator/ecs/drivers/scripted-driver.ts'
import { trustGitHub } from '../../simulator/iam/trust-policy.ts'
import { startSimulator, type Simulator } from '../../simulator/simulator.ts'
import type { Trace } from '../../simulator/traces/trace.ts'
import type { JsonObject, Operation } from '../../simulator/wire/service.ts'
import { RecordingDocker } from '../support/recording-docker.ts'

export const accountId = '123456789012'
/** Is in the service's environment; must be in no trace. */
export const password = 'hunter2-hunter2-hunter2'

export const target: Target = {
  roleArn: `arn:aws:iam::${accountId}:role/deployer`,
  region: 'us-east-1',
  repository: 'sample/hello',
  cluster: 'demo',
  service: 'hello',
  platforms: 'linux/amd64,linux/arm64',
}

const preload = join(import.meta.dirname, '..', 'support', 'virtual-time.mjs')
const crashing = { exitsAfterMs: 500, exitCode: 1, logLines: ['port must be a number: eighty'] }

const command = join(import.meta.dirname, '..', '..', 'scripts', 'verify-aws', 'main.ts')

/** What a run of the command printed, and how it ended. */
export interface CommandEnd {
  /** Null where a signal ended it. */
  readonly exitCode: number | null
  readonly output: string
  readonly errors: string
}

/** A simulated account in virtual time that stands in for the real one, and a docker that pushes. */
export class SimulatedAccount {
  readonly simulator: Simulator
  readonly docker: RecordingDocker
  readonly #clock: VirtualClock

  private constructor(simulator: Simulator, docker: RecordingDocker, clock: VirtualClock) {
    this.simulator = simulator
    this.docker = docker
    this.#clock = clock
  }

  static async open(): Promise<SimulatedAccount> {
    const clock = new VirtualClock(Date.now())
    // The broken commit is the fourth definition: of the placeholder and of two releases are three.
    const driver = new ScriptedDriver(clock, { 'hello:4': crashing })
    const registry = { foreignImages: 'assume' } as const
    const simulator = await startSimulator({ clock, driver, registry, accountId })
    const trustPolicy = trustGitHub({ accountId, subject: 'repo:octo-org/*' })
    simulator.iam.addRole({ name: 'deployer', trustPolicy })
    simulator.ecr.registry.create('sample/hello', { tagMutability: 'IMMUTABLE' })
    const docker = await RecordingDocker.prepare({ registryUrl: simulator.url })
    const account = new SimulatedAccount(simulator, docker, clock)
    await account.#answerVersion()
    await account.#populate()
    return account
  }

  /** Runs the command in a process of its own, as a job of GitHub's would. */
  async verify(
    argv: readonly string[],
    variables: Readonly<Record<string, string>> = {},
  ): Promise<CommandEnd> {
    const environment = { ...this.environment, ...variables }
    const child = spawn(process.execPath, [command, ...argv], { env: environment })
    const [output, errors] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit'),
    ])
    return { exitCode: child.exitCode, output, errors }
  }

  /** Changes the answers of an ECS operation from now on. */
  answerOtherwise(operation: string, change: (answer: JsonObject) => JsonObject): void {
    const run = this.simulator.ecs.operations[operation]
    if (run === undefined) throw new TypeError(`no operation ${operation}`)
    const changed: Operation = async (input, call) => change(await run(input, call))
    Object.assign(this.simulator.ecs.operations, { [operation]: changed })
  }

  /** A job's variables: the action finds this account, rests in its time, and starts sooner. */
  get environment(): Readonly<Record<string, string>> {
    return {
      ...this.docker.environment,
      PATH: `${this.docker.path('version')}:${this.docker.environment['PATH'] ?? ''}`,
      ...this.simulator.environment,
      AWS_SECRET_ACCESS_KEY: '',
      NODE_OPTIONS: `--import=${preload}`,
      NODE_COMPILE_CACHE: join(tmpdir(), 'steadyship-compile-cache'),
      VIRTUAL_TIME_URL: this.simulator.url,
    }
  }

  /** The planned runs, recorded. */
  async record(): Promise<Trace> {
    return perform({
      target,
      identityInputs: { 'role-to-assume': target.roleArn },
      environment: this.environment,
      workspace: new Workspace(this.docker.path('workspace')),
      directory: this.docker.path('temporary'),
    })
  }

  async call(operation: string, input: JsonObject): Promise<JsonObject> {
    const run = this.simulator.ecs.operations[operation]
    if (run === undefined) throw new TypeError(`no operation ${operation}`)
    const arn = `arn:aws:iam::${accountId}:user/operator`
    const caller = { accessKeyId: 'AKIA', accountId, region: target.region, arn }
    return await run(input, { caller, requestId: 'operator' })
  }

  /** The recording docker knows no `buildx version`: one in front of it does. */
  async #answerVersion(): Promise<void> {
    await mkdir(this.docker.path('version'))
    const script = `#!/bin/sh\n[ "$2" = version ] || exec '${this.docker.path('bin/docker')}' "$@"\n`
    await writeFile(this.docker.path('version/docker'), script, { mode: 0o755 })
  }

  async #populate(): Promise<void> {
    await this.call('CreateCluster', { clusterName: 'demo' })
    await this.call('RegisterTaskDefinition', definition())
    await this.call('CreateService', service)
    await advance(this.#clock, 180_000)
  }

  async close(): Promise<void> {
    await this.simulator.close()
    await this.docker.remove()
  }
}

/** A folder that is removed after `work`. */
export async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'steadyship-verify-test-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const service: JsonObject = {
  cluster: 'demo',
  serviceName: 'hello',
  taskDefinition: 'hello',
  desiredCount: 1,
  launchType: 'FARGATE',
  networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1b2c3d'] } },
  deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
}

function definition(): JsonObject {
  return {
    family: 'hello',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    executionRoleArn: `arn:aws:iam::${accountId}:role/execution`,
    containerDefinitions: [
      {
        name: 'hello',
        image: 'registry.example.com/placeholder:1',
        environment: [{ name: 'PASSWORD', value: password }],
        secrets: [
          {
            name: 'KEY',
            valueFrom: `arn:aws:secretsmanager:us-east-1:${accountId}:secret:vault-hello-AbCdEf`,
          },
        ],
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': '/ecs/hello',
            'awslogs-region': 'us-east-1',
            'awslogs-stream-prefix': 'hello',
          },
        },
      },
    ],
  }
}

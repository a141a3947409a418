import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { jest } from '@jest/globals'

import { VirtualClock } from '../../simulator/clock/virtual-clock.ts'
import { advance } from '../../simulator/control/control.ts'
import type { Behaviour } from '../../simulator/ecs/drivers/behaviour.ts'
import { ScriptedDriver } from '../../simulator/ecs/drivers/scripted-driver.ts'
import type { ActionRun } from '../../simulator/github/runner/action-run.ts'
import { Job, type JobOptions } from '../../simulator/github/runner/job.ts'
import { trustGitHub } from '../../simulator/iam/trust-policy.ts'
import { objectMember, objectsMember, stringMember } from '../../simulator/wire/members.ts'
import type { JsonObject } from '../../simulator/wire/service.ts'
import { startSimulator, type Simulator } from '../../simulator/simulator.ts'
import { taskDefinition, usualService, type ServiceOptions } from './bundle-service.ts'
import { everyAction } from './every-action.ts'
import { makeRepository } from './git-repository.ts'
import { filesHolding } from './files-holding.ts'
import { RecordingDocker, type DockerCall } from './recording-docker.ts'
import { until } from './until.ts'

// Processes take their time on a busy machine.
jest.setTimeout(30_000)

const root = join(import.meta.dirname, '..', '..')
export const registryHost = '123456789012.dkr.ecr.us-east-1.amazonaws.com'
export const roleArn = 'arn:aws:iam::123456789012:role/deployer'

/** What a run ended as, and what post did after it. */
export interface BundleRun {
  readonly main: ActionRun
  readonly post: ActionRun | undefined
}

/** What of a job is another than a push to main of this world's only commit. */
export interface RunOptions {
  readonly github?: Readonly<Record<string, string>>
  readonly event?: unknown
  readonly environment?: Readonly<Record<string, string>>
  readonly cancelled?: AbortSignal
  readonly withoutPost?: boolean
  /** What post finds as the state of main, whatever main saved. */
  readonly forgedState?: Readonly<Record<string, string>>
}

/**
 * The committed bundle as a runner starts it, against the simulator in virtual time: a role, an
 * immutable repository `team/web`, a steady service `web` in cluster `main`, a git workspace with a
 * Dockerfile, and a recording docker that really pushes.
 */
export class BundleWorld {
  readonly simulator: Simulator
  readonly docker: RecordingDocker
  readonly commit: string
  readonly #clock: VirtualClock
  readonly #driver: ScriptedDriver
  readonly #meanwhile: Promise<unknown>[] = []

  private constructor(
    simulator: Simulator,
    docker: RecordingDocker,
    clock: VirtualClock,
    driver: ScriptedDriver,
  ) {
    this.simulator = simulator
    this.docker = docker
    this.#clock = clock
    this.#driver = driver
    this.commit = makeRepository(docker.path('workspace'))
  }

  static async create(options: ServiceOptions = {}): Promise<BundleWorld> {
    const clock = new VirtualClock(Date.now())
    const driver = new ScriptedDriver(clock, options.tasks)
    const registry = { foreignImages: 'assume' } as const
    const ecs = { pace: options.pace ?? {} }
    const simulator = await startSimulator({ clock, driver, registry, ecs })
    simulator.iam.addRole({
      name: 'deployer',
      trustPolicy: trustGitHub({ accountId: '123456789012', subject: 'repo:octo-org/octo-repo:*' }),
    })
    simulator.ecr.registry.create('team/web', { tagMutability: 'IMMUTABLE' })
    const docker = await RecordingDocker.prepare({ registryUrl: simulator.url })
    const world = new BundleWorld(simulator, docker, clock, driver)
    await world.#populate(options)
    return world
  }

  async #populate({ service, container }: ServiceOptions): Promise<void> {
    await this.call('CreateCluster', { clusterName: 'main' })
    await this.register(container)
    await this.call('CreateService', { ...usualService, ...service })
    await this.pass(180_000)
  }

  /** Variables by which a process of Node rests in this world's time, and starts sooner. */
  get virtualTime(): Readonly<Record<string, string>> {
    const preload = join(import.meta.dirname, 'virtual-time.mjs')
    return {
      NODE_OPTIONS: `--import=${preload}`,
      NODE_COMPILE_CACHE: join(tmpdir(), 'steadyship-compile-cache'),
      VIRTUAL_TIME_URL: this.simulator.url,
    }
  }

  /** Lets virtual time pass. */
  async pass(ms: number): Promise<void> {
    await advance(this.#clock, ms)
  }

  /** Has `work` done once `ms` of virtual time have passed: in the midst of a rollout. */
  afterwards(ms: number, work: () => unknown): void {
    this.#clock.schedule(ms, () => void this.#meanwhile.push(Promise.resolve(work())))
  }

  /**
   * Has `work` done once the action's call of an ECS `operation` has been performed with an `output`
   * like that: the action is told of the one only when the other is done.
   */
  upon(
    operation: string,
    isIt: (output: JsonObject) => boolean,
    work: () => Promise<unknown>,
  ): void {
    this.simulator.reactions.once(
      ({ service, operation: called, caller, output }) =>
        service === 'ecs' &&
        called === operation &&
        caller?.includes('/deployer/') === true &&
        isIt(output),
      () => {
        const done = work()
        this.#meanwhile.push(done)
        return done
      },
    )
  }

  /** Takes `actions` away from the role, in sessions that are open, too. */
  deny(...actions: readonly string[]): void {
    const role = this.simulator.iam.role(roleArn)
    if (role !== undefined) role.allow = everyAction.filter((action) => !actions.includes(action))
  }

  /** An ECS operation as somebody else calls it. */
  async call(operation: string, input: Record<string, unknown>): Promise<JsonObject> {
    const perform = this.simulator.ecs.operations[operation]
    if (perform === undefined) throw new TypeError(`no operation ${operation}`)
    const arn = 'arn:aws:iam::123456789012:user/operator'
    const caller = { accessKeyId: 'AKIA', accountId: '123456789012', region: 'us-east-1', arn }
    const plain = JSON.parse(JSON.stringify(input)) as Parameters<typeof perform>[0]
    return await perform(plain, { caller, requestId: 'operator' })
  }

  /** Registers the usual task definition, with `container` over its own, as somebody else does. */
  async register(container?: Readonly<Record<string, unknown>>): Promise<void> {
    await this.call('RegisterTaskDefinition', taskDefinition(container))
  }

  /** What tasks of a revision (`web:2`) do. */
  script(revisions: Readonly<Record<string, Behaviour>>): void {
    this.#driver.follow(revisions)
  }

  /** The image in the service's current task definition. */
  async deployedImage(): Promise<string | undefined> {
    const described = await this.call('DescribeServices', { cluster: 'main', services: ['web'] })
    const [service = {}] = objectsMember(described, 'services') ?? []
    const name = stringMember(service, 'taskDefinition')
    const answer = await this.call('DescribeTaskDefinition', { taskDefinition: name })
    const definition = objectMember(answer, 'taskDefinition') ?? {}
    const [container = {}] = objectsMember(definition, 'containerDefinitions') ?? []
    return stringMember(container, 'image')
  }

  /** Puts the usual task definition, with `members` over its own, into the workspace. */
  async writeTaskDefinition(name: string, members: Record<string, unknown>): Promise<void> {
    await this.writeWorkspaceFile(name, JSON.stringify({ ...taskDefinition(), ...members }))
  }

  async writeWorkspaceFile(name: string, text: string): Promise<void> {
    await writeFile(join(this.docker.path('workspace'), name), text)
  }

  /** Operations that the action asked for, `ecs:UpdateService`, in order. */
  asked(): readonly string[] {
    return this.simulator.requests
      .list()
      .map((request) => `${request.service}:${request.operation}`)
  }

  /** The first call of `verb` that docker got; waits for it. */
  async dockerCall(verb: string): Promise<DockerCall> {
    return await until(async () => {
      const calls = await this.docker.calls()
      return calls.find(({ argv }) => argv[1] === verb)
    })
  }

  /** Files in the temporary folder and the home that hold a login to the registry. */
  async credentialFiles(): Promise<readonly string[]> {
    const login = /"auth": ?"[^"]+"/
    const places = [this.docker.path('temporary'), this.docker.path('home')]
    return (await Promise.all(places.map((place) => filesHolding(place, login)))).flat()
  }

  /** One run of the bundle as a job of its own. */
  async run(inputs: Record<string, string>, options: RunOptions = {}): Promise<BundleRun> {
    const job = await Job.start(this.#job(options))
    const main = await job.runAction({
      actionDirectory: root,
      inputs: { 'role-to-assume': roleArn, ...inputs },
      ...(options.cancelled !== undefined && { cancelled: options.cancelled }),
    })
    if (options.withoutPost === true) return { main, post: undefined }
    const { forgedState } = options
    const left = forgedState === undefined ? main : { ...main, state: forgedState }
    return { main, post: await job.runPost(left) }
  }

  #job({ github, event, environment }: RunOptions): JobOptions {
    return {
      directory: this.docker.path('temporary'),
      workspace: this.docker.path('workspace'),
      nodePath: process.execPath,
      github: { repository: 'octo-org/octo-repo', sha: this.commit, ...github },
      event: event ?? { repository: { private: true } },
      environment: {
        ...this.docker.environment,
        ...this.simulator.environment,
        AWS_SECRET_ACCESS_KEY: '',
        ...this.virtualTime,
        ...environment,
      },
    }
  }

  /** @throws what went wrong in the meantime. */
  async close(): Promise<void> {
    await this.simulator.close()
    await this.docker.remove()
    await Promise.all(this.#meanwhile)
  }
}

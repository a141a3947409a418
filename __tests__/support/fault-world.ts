import type { Fault } from '../../simulator/faults/fault.ts'
import type { ActionRun } from '../../simulator/github/runner/action-run.ts'
import { objectsMember, stringMember } from '../../simulator/wire/members.ts'
import type { RequestRecord } from '../../simulator/wire/request-log.ts'
import { BundleWorld, registryHost } from './bundle-world.ts'
import { pushIndex } from './push-index.ts'

/** What a run under faults did. */
export interface FaultRun {
  readonly main: ActionRun
  /** Its calls, in order. */
  readonly calls: readonly RequestRecord[]
  /** How much virtual time it took. */
  readonly virtualMs: number
}

export interface DeployRun extends FaultRun {
  /** Deployments that the service began in it. */
  readonly deploymentsBegun: number
  /** Whether the service runs the image, and nothing else, once it comes to rest. */
  readonly runsImage: boolean
}

export interface PushRun extends FaultRun {
  /** What each tag in the repository names. */
  readonly tags: ReadonlyMap<string, string>
}

/**
 * A world for many runs, in which the SDK's timers are virtual, too: an image that is pushed, and
 * a service or a repository of its own for every run.
 */
export class FaultWorld {
  readonly #world: BundleWorld
  readonly #image: string
  #runs = 0

  private constructor(world: BundleWorld, image: string) {
    this.#world = world
    this.#image = image
  }

  static async create(): Promise<FaultWorld> {
    const world = await BundleWorld.create({ pace: { settledAfterMs } })
    const digest = await pushIndex(world.simulator, 'team/web')
    return new FaultWorld(world, `${registryHost}/team/web@${digest}`)
  }

  /** Deploys the image to a new steady service while `faults` strike. */
  async deploy(faults: readonly Fault[]): Promise<DeployRun> {
    return await this.#deployTo(this.#nextName(), faults, { mode: 'deploy', image: this.#image })
  }

  /** Builds an image into a new repository and deploys it to a new steady service. */
  async release(): Promise<DeployRun> {
    const name = this.#nextName()
    this.#world.simulator.ecr.registry.create(name)
    return await this.#deployTo(name, [], { repository: name })
  }

  /** Builds an image into a new repository, with two tags, while `faults` strike. */
  async push(faults: readonly Fault[]): Promise<PushRun> {
    const repository = this.#nextName()
    const { tags } = this.#world.simulator.ecr.registry.create(repository)
    const run = await this.#underFaults(faults, { repository, tags: pushedTags })
    return { ...run, tags: this.#world.simulator.ecr.registry.find(repository)?.tags ?? tags }
  }

  #nextName(): string {
    this.#runs += 1
    return `web-${String(this.#runs)}`
  }

  async #deployTo(
    service: string,
    faults: readonly Fault[],
    inputs: Record<string, string>,
  ): Promise<DeployRun> {
    await this.#createService(service)
    const run = await this.#underFaults(faults, { cluster: 'main', service, ...inputs })
    const deploymentsBegun = (await this.#deployments(service)) - 1
    const runsImage = await this.#comesToRun(service, run.main.outputs['image'] ?? this.#image)
    const { ecs } = this.#world.simulator
    ecs.disturb({ kind: 'delete-service', cluster: 'main', service })
    return { ...run, deploymentsBegun, runsImage }
  }

  async #underFaults(faults: readonly Fault[], inputs: Record<string, string>): Promise<FaultRun> {
    const { simulator } = this.#world
    simulator.requests.clear()
    simulator.faults.add(faults)
    const startMs = simulator.clock.now()
    const environment = { VIRTUAL_TIMERS: 'yes' }
    const { main } = await this.#world.run(inputs, { environment, withoutPost: true })
    const virtualMs = simulator.clock.now() - startMs
    simulator.faults.clear()
    return { main, calls: simulator.requests.list(), virtualMs }
  }

  async #createService(name: string): Promise<void> {
    await this.#world.call('RegisterTaskDefinition', {
      ...{ family: name, networkMode: 'awsvpc', requiresCompatibilities: ['FARGATE'] },
      ...{ cpu: '256', memory: '512' },
      executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
      containerDefinitions: [{ name: 'web', image: 'registry.example.com/web:first' }],
    })
    await this.#world.call('CreateService', {
      ...{ cluster: 'main', serviceName: name, taskDefinition: name, desiredCount: 2 },
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    })
    await this.#world.pass(60_000)
  }

  async #deployments(service: string): Promise<number> {
    const answer = await this.#world.call('ListServiceDeployments', { cluster: 'main', service })
    return objectsMember(answer, 'serviceDeployments')?.length ?? 0
  }

  async #comesToRun(serviceName: string, image: string): Promise<boolean> {
    await this.#world.pass(120_000)
    const { taskArns } = await this.#world.call('ListTasks', { cluster: 'main', serviceName })
    const described = await this.#world.call('DescribeTasks', { cluster: 'main', tasks: taskArns })
    const tasks = objectsMember(described, 'tasks') ?? []
    const containers = tasks.flatMap((task) => objectsMember(task, 'containers') ?? [])
    return containers.length > 0 && containers.every((one) => stringMember(one, 'image') === image)
  }

  async close(): Promise<void> {
    await this.#world.close()
  }
}

/** Long enough for a wait to read the tasks, which it does at every eighth look. */
const settledAfterMs = 25_000

/** One that the build pushes, and one that is put beside it. */
const pushedTags = 'type=sha,format=long\ntype=raw,value=moving'

/** Has `play` done with every row, two at a time: each of two worlds takes the next one. */
export async function inTwoLanes<Row, Run>(
  rows: readonly Row[],
  play: (world: FaultWorld, row: Row) => Promise<Run>,
): Promise<ReadonlyMap<Row, Run>> {
  const runs = new Map<Row, Run>()
  const left = [...rows]
  const lane = async (): Promise<void> => {
    const world = await FaultWorld.create()
    try {
      for (let row = left.shift(); row !== undefined; row = left.shift()) {
        runs.set(row, await play(world, row))
      }
    } finally {
      await world.close()
    }
  }
  await Promise.all([lane(), lane()])
  return runs
}

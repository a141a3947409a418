import { VirtualClock } from '../../simulator/clock/virtual-clock.ts'
import type { Behaviour } from '../../simulator/ecs/drivers/behaviour.ts'
import { ScriptedDriver } from '../../simulator/ecs/drivers/scripted-driver.ts'
import type { Pace } from '../../simulator/ecs/pace.ts'
import { startSimulator, type Simulator } from '../../simulator/simulator.ts'
import { createEcs } from '../../src/adapters/aws/ecs.ts'
import { createContainerLogs } from '../../src/adapters/aws/logs.ts'
import { createRoles } from '../../src/adapters/aws/roles.ts'
import { createTargetGroups } from '../../src/adapters/aws/target-groups.ts'
import type { PushedImage } from '../../src/core/image/image.ts'
import type { DeployInputs } from '../../src/core/inputs/inputs.ts'
import { objectAt, objectsAt, stringAt, stringsAt, type JsonObject } from '../../src/core/json.ts'
import type { ServicePlan } from '../../src/core/plan/service/service-plan.ts'
import type { ServiceOutcome } from '../../src/core/rollout/evidence/service-outcome.ts'
import { noChanges } from '../../src/core/task-definition/changes/no-changes.ts'
import { usualPolicies } from './usual-policies.ts'
import { noGitHub } from './no-github.ts'
import type { AwsSession } from '../../src/ports/aws.ts'
import type { Ecs } from '../../src/ports/ecs.ts'
import type { Ports } from '../../src/ports/ports.ts'
import { awaitRollout } from '../../src/stages/rollout/await-rollout.ts'
import { inspectServices } from '../../src/stages/preflight/inspect-services.ts'
import { registerTaskDefinition } from '../../src/stages/deploy/register-task-definition.ts'
import { updateService } from '../../src/stages/deploy/update-service.ts'
import { RecordingReport } from './recording-report.ts'
import { runContext } from './run-context.ts'
import { SimulatedClock } from './simulated-clock.ts'

export const taskDefinition: JsonObject = {
  family: 'web',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
  containerDefinitions: [
    {
      name: 'app',
      image: 'registry.example.com/web@sha256:' + '9'.repeat(64),
      portMappings: [{ containerPort: 80 }],
      logConfiguration: {
        logDriver: 'awslogs',
        options: {
          'awslogs-group': '/web',
          'awslogs-region': 'us-east-1',
          'awslogs-stream-prefix': 'web',
        },
      },
    },
  ],
}

export interface WorldOptions {
  /** Members for CreateService over the usual ones. */
  readonly service?: JsonObject
  readonly definition?: JsonObject
  readonly pace?: Partial<Pace>
  /** ECS actions that the deployer has; default: all. */
  readonly allow?: readonly string[]
}

export const inputs: DeployInputs = {
  services: [{ cluster: 'prod', service: 'web', region: undefined }],
  image: undefined,
  repository: undefined,
  copies: [],
  taskDefinition: { choice: { kind: 'service' }, changes: noChanges },
  containerNames: [],
  forceNewDeployment: false,
  settings: {},
  deployOrder: 'parallel',
  keepTaskDefinitions: undefined,
  waitForStability: true,
  waitMinutes: undefined,
  maxTaskFailures: 3,
  logLines: undefined,
  waiting: { until: { kind: 'deployed' }, onPause: 'wait' },
  policies: usualPolicies,
}

/** The task definition of a file in the world's workspace, unchanged. */
export const fromFile = (path: string): DeployInputs['taskDefinition'] => ({
  choice: { kind: 'file', path },
  changes: noChanges,
})

/** A steady service `web` in cluster `prod`, seen through the real SDK, in virtual time. */
export class EcsWorld {
  readonly simulator: Simulator
  readonly clock: SimulatedClock
  readonly report = new RecordingReport()
  readonly files = new Map<string, string>()
  readonly #driver: ScriptedDriver
  readonly #abort = new AbortController()
  /** Whoever is not the deployer. */
  readonly operator: Ecs
  readonly session: AwsSession

  private constructor(
    simulator: Simulator,
    clock: SimulatedClock,
    driver: ScriptedDriver,
    allow: readonly string[] | undefined,
  ) {
    this.simulator = simulator
    this.clock = clock
    this.#driver = driver
    process.env['AWS_ENDPOINT_URL_ECS'] = simulator.url
    process.env['AWS_ENDPOINT_URL_IAM'] = simulator.url
    process.env['AWS_ENDPOINT_URL_CLOUDWATCH_LOGS'] = simulator.url
    process.env['AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2'] = simulator.url
    const settings = (name: string, actions?: readonly string[]) => {
      const key = simulator.iam.addUser({ name, ...(actions !== undefined && { allow: actions }) })
      return { region: 'us-east-1', credentials: () => Promise.resolve(key) }
    }
    this.operator = createEcs(settings('operator'))
    const deployer = settings('deployer', allow)
    const cloudWatch = createContainerLogs(deployer)
    this.session = {
      caller: { accountId: '123456789012', arn: 'arn:aws:iam::123456789012:user/deployer' },
      region: 'us-east-1',
      ecs: createEcs(deployer),
      targetGroups: createTargetGroups(deployer),
      roles: createRoles(deployer),
      logs: {
        tail: (_group, stream, lines) => {
          const [, container = '', task = ''] = stream.split('/')
          return Promise.resolve(simulator.ecs.logs(task, container).slice(-lines))
        },
        readOn: (group, stream, token) => cloudWatch.readOn(group, stream, token),
      },
      ecr: () => {
        throw new Error('a deploy does not ask ECR')
      },
      childCredentials: () => Promise.reject(new Error('a deploy builds nothing')),
    }
  }

  static async create(options: WorldOptions = {}): Promise<EcsWorld> {
    const virtual = new VirtualClock()
    const driver = new ScriptedDriver(virtual)
    const simulator = await startSimulator({
      ...{ clock: virtual, driver, registry: { foreignImages: 'assume' } },
      ...(options.pace !== undefined && { ecs: { pace: options.pace } }),
    })
    const world = new EcsWorld(simulator, new SimulatedClock(virtual), driver, options.allow)
    await world.#populate(options)
    return world
  }

  async #populate(options: WorldOptions): Promise<void> {
    await this.call('CreateCluster', { clusterName: 'prod' })
    await this.call('RegisterTaskDefinition', { ...taskDefinition, ...options.definition })
    await this.call('CreateService', {
      ...{ cluster: 'prod', serviceName: 'web', taskDefinition: 'web', desiredCount: 2 },
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
      ...options.service,
    })
    await this.clock.sleep(120_000)
  }

  /** An operation of ECS by name, as the operator. */
  async call(operation: string, input: JsonObject): Promise<JsonObject> {
    const perform = this.simulator.ecs.operations[operation]
    if (perform === undefined) throw new TypeError(`no operation ${operation}`)
    const caller = {
      ...{ accessKeyId: 'AKIA', accountId: '123456789012', region: 'us-east-1' },
      arn: 'arn:aws:iam::123456789012:user/operator',
    }
    const plain = JSON.parse(JSON.stringify(input)) as Parameters<typeof perform>[0]
    return await perform(plain, { caller, requestId: 'operator' })
  }

  /** What tasks of revision `web:<n>` do. */
  script(revisions: Readonly<Record<string, Behaviour>>): void {
    this.#driver.follow(revisions)
  }

  get ports(): Pick<Ports, 'clock' | 'context' | 'files' | 'github' | 'report' | 'signal'> {
    const { clock, report, files } = this
    return {
      ...{ clock, report, signal: this.#abort.signal, github: noGitHub },
      context: runContext({ event: { repository: { private: true } } }),
      files: {
        readText: (path: string) => Promise.resolve(files.get(path) ?? ''),
        exists: (path: string) => Promise.resolve(files.has(path)),
        isEmptyFolder: () => Promise.resolve(false),
        makeFolder: () => Promise.resolve(),
        writeTemporary: (name: string, text: string) => {
          files.set(`/temporary/${name}`, text)
          return Promise.resolve(`/temporary/${name}`)
        },
      },
    }
  }

  abort(reason: Error): void {
    this.#abort.abort(reason)
  }

  async plan(
    differences: Partial<DeployInputs> = {},
    image?: PushedImage,
    session: AwsSession = this.session,
  ): Promise<ServicePlan> {
    const target = image && {
      repository: image.repository,
      platforms: image.platforms.map(({ platform }) => platform),
    }
    const deploy = { ...inputs, ...differences }
    const [plan] = await inspectServices(deploy, target, session, this.ports)
    if (plan === undefined) throw new TypeError('no plan')
    return plan
  }

  /** The deploy half of the pipeline: preflight, register, update, await. */
  async deploy(
    image: PushedImage | undefined,
    differences: Partial<DeployInputs> = {},
    session: AwsSession = this.session,
  ): Promise<ServiceOutcome> {
    const plan = await this.plan(differences, image)
    const revision = await registerTaskDefinition(plan, image, session, this.ports)
    const deployment = await updateService(plan, revision, session, this.ports)
    return await awaitRollout({ plan, deployment, image, session, ports: this.ports })
  }

  /** The deployer's session with some of its calls changed. */
  with(changes: Partial<Ecs>): AwsSession {
    return { ...this.session, ecs: { ...this.session.ecs, ...changes } }
  }

  async service(): Promise<JsonObject> {
    const answer = await this.call('DescribeServices', { cluster: 'prod', services: ['web'] })
    return objectsAt(answer, 'services')[0] ?? {}
  }

  /** `web:2`: what PRIMARY runs. */
  async running(): Promise<string> {
    const [primary] = objectsAt(await this.service(), 'deployments')
    return (
      stringAt(primary ?? {}, 'taskDefinition')
        ?.split('/')
        .at(-1) ?? ''
    )
  }

  async runningTasks(): Promise<readonly string[]> {
    const answer = await this.call('ListTasks', { cluster: 'prod', serviceName: 'web' })
    return stringsAt(answer, 'taskArns')
  }

  /** The newest revision's number. */
  async revisions(): Promise<unknown> {
    const answer = await this.call('DescribeTaskDefinition', { taskDefinition: 'web' })
    return objectAt(answer, 'taskDefinition')['revision']
  }

  /** The operations that the deployer asked for over HTTP. */
  requests(operation: string): number {
    return this.simulator.requests.list('ecs', operation).length
  }

  /** What was asked of Elastic Load Balancing, in order. */
  requestsOfBalancer(): readonly string[] {
    const asked = this.simulator.requests.list('elasticloadbalancing')
    return asked.map(({ operation }) => operation)
  }

  async close(): Promise<void> {
    delete process.env['AWS_ENDPOINT_URL_ECS']
    delete process.env['AWS_ENDPOINT_URL_IAM']
    delete process.env['AWS_ENDPOINT_URL_CLOUDWATCH_LOGS']
    delete process.env['AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2']
    await this.simulator.close()
  }
}

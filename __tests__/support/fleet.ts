import { VirtualClock } from '../../simulator/clock/virtual-clock.ts'
import type { Behaviour } from '../../simulator/ecs/drivers/behaviour.ts'
import { ScriptedDriver } from '../../simulator/ecs/drivers/scripted-driver.ts'
import { createEcs as createSimulatedEcs } from '../../simulator/ecs/ecs.ts'
import type { Pace } from '../../simulator/ecs/pace.ts'
import { Throttling } from '../../simulator/throttling/throttling.ts'
import { createDispatch } from '../../simulator/wire/dispatch.ts'
import { refuseInJson } from '../../simulator/wire/refusal.ts'
import { RequestLog } from '../../simulator/wire/request-log.ts'
import { ServiceError, type JsonObject as Plain } from '../../simulator/wire/service.ts'
import { AwsFailure } from '../../src/core/errors/aws-failure.ts'
import type { DeployInputs } from '../../src/core/inputs/inputs.ts'
import type { JsonObject } from '../../src/core/json.ts'
import type { ServiceOutcome } from '../../src/core/rollout/evidence/service-outcome.ts'
import type { AwsSession } from '../../src/ports/aws.ts'
import type { Ecs } from '../../src/ports/ecs.ts'
import type { Ports } from '../../src/ports/ports.ts'
import { deployServices } from '../../src/stages/deploy/deploy-services.ts'
import { inspectServices } from '../../src/stages/preflight/inspect-services.ts'
import { CrowdClock } from './crowd-clock.ts'
import { inputs, taskDefinition } from './ecs-world.ts'
import { pushedImage } from './pushed-image.ts'
import { RecordingReport } from './recording-report.ts'
import { runContext } from './run-context.ts'

/** What makes a fleet. */
export interface FleetOptions {
  readonly services: number
  /** They are spread over so many clusters; 1 when nothing is said. */
  readonly clusters?: number
  /** What each call takes on its way. */
  readonly latencyMs?: number
  readonly pace?: Partial<Pace>
  /** Members for CreateService over the usual ones. */
  readonly service?: JsonObject
}

const accountId = '123456789012'
const region = 'us-east-1'
const image = pushedImage(1)

/**
 * Steady services `web-0`, `web-1`, … of one definition in an account with AWS's buckets, in virtual
 * time. Calls are functions, so that any number of services can rest at once; what the SDK would
 * try again by itself is seen as it is.
 */
export class Fleet {
  readonly clock: CrowdClock
  readonly report = new RecordingReport()
  readonly log = new RequestLog()
  readonly virtual = new VirtualClock()
  readonly #driver = new ScriptedDriver(this.virtual)
  readonly #simulated
  readonly #options: FleetOptions
  readonly #throttling = new Throttling(this.virtual, accountId, 'off')

  private constructor(options: FleetOptions) {
    this.clock = new CrowdClock(this.virtual)
    this.#options = options
    const { pace = {} } = options
    this.#simulated = createSimulatedEcs({
      ...{ clock: this.virtual, accountId, region, driver: this.#driver, pace },
    })
  }

  static async create(options: FleetOptions): Promise<Fleet> {
    const fleet = new Fleet(options)
    await fleet.#populate()
    return fleet
  }

  async #populate(): Promise<void> {
    const { services, clusters = 1, service } = this.#options
    await this.ask('RegisterTaskDefinition', taskDefinition)
    for (let n = 0; n < clusters; n += 1) {
      await this.ask('CreateCluster', { clusterName: `prod-${n}` })
    }
    for (let n = 0; n < services; n += 1) {
      await this.ask('CreateService', {
        ...{ cluster: this.clusterOf(n), serviceName: `web-${n}`, taskDefinition: 'web' },
        ...{ desiredCount: 1, launchType: 'FARGATE' },
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
        ...service,
      })
    }
    this.virtual.advance(600_000)
    this.#throttling.mode = 'aws'
  }

  clusterOf(service: number): string {
    return `prod-${service % (this.#options.clusters ?? 1)}`
  }

  /** What tasks of revision `web:<n>` do. */
  script(revisions: Readonly<Record<string, Behaviour>>): void {
    this.#driver.follow(revisions)
  }

  /** An operation of ECS by name, as an operator whom nothing throttles. */
  async ask(operation: string, input: JsonObject): Promise<Plain> {
    const perform = this.#simulated.operations[operation]
    if (perform === undefined) throw new TypeError(`no operation ${operation}`)
    const arn = `arn:aws:iam::${accountId}:user/operator`
    const caller = { accessKeyId: 'AKIA', accountId, region, arn }
    const sent = JSON.parse(JSON.stringify(input)) as Plain
    return await perform(sent, { caller, requestId: 'fleet' })
  }

  /** Deploys one image to all of them in one run. */
  async deploy(
    differences: Partial<DeployInputs> = {},
    ecs: Ecs = this.ecs,
  ): Promise<readonly ServiceOutcome[]> {
    const services = Array.from({ length: this.#options.services }, (_, n) => ({
      ...{ cluster: this.clusterOf(n), service: `web-${n}`, region: undefined },
    }))
    const session = { ...this.session, ecs }
    const platforms = image.platforms.map(({ platform }) => platform)
    const target = { repository: image.repository, platforms }
    const run = async () => {
      const asked = { ...inputs, services, ...differences }
      const plans = await inspectServices(asked, target, session, this.ports)
      const toDeploy = { services: plans, deployOrder: 'parallel' as const }
      return (await deployServices(toDeploy, image, session, this.ports)).services
    }
    return await this.clock.until(run())
  }

  /** What was asked and refused, call by call. */
  calls(): Readonly<Record<string, { readonly asked: number; readonly throttled: number }>> {
    const calls: Record<string, { asked: number; throttled: number }> = {}
    for (const { operation, errorCode } of this.log.list('ecs')) {
      const { asked, throttled } = calls[operation] ?? { asked: 0, throttled: 0 }
      const refused = errorCode === 'ThrottlingException' ? 1 : 0
      calls[operation] = { asked: asked + 1, throttled: throttled + refused }
    }
    return calls
  }

  get ports(): Pick<Ports, 'clock' | 'context' | 'files' | 'report' | 'signal'> {
    const unused = (): never => {
      throw new TypeError('these deploys read no files')
    }
    const { clock, report } = this
    return {
      ...{ clock, report, signal: new AbortController().signal },
      context: runContext({ event: { repository: { private: true } } }),
      files: {
        ...{ readText: unused, exists: unused, isEmptyFolder: unused, makeFolder: unused },
        writeTemporary: (name) => Promise.resolve(`/temporary/${name}`),
      },
    }
  }

  get session(): AwsSession {
    return {
      caller: { accountId, arn: `arn:aws:iam::${accountId}:user/deployer` },
      ...{ region, ecs: this.ecs },
      logs: {
        tail: () => Promise.resolve([]),
        readOn: () => Promise.resolve({ lines: [], token: undefined }),
      },
      targetGroups: {
        targets: () => Promise.resolve([]),
        deregistrationDelaySeconds: () => Promise.resolve(undefined),
      },
      roles: { exists: () => Promise.resolve(true) },
      ecr: () => {
        throw new TypeError('a deploy does not ask ECR')
      },
      childCredentials: () => Promise.reject(new TypeError('a deploy builds nothing')),
    }
  }

  get ecs(): Ecs {
    const operation = (name: string) => (input: JsonObject) => this.#send(name, input)
    return {
      listClusters: operation('ListClusters'),
      describeServices: operation('DescribeServices'),
      describeTaskDefinition: operation('DescribeTaskDefinition'),
      listTaskDefinitions: operation('ListTaskDefinitions'),
      deregisterTaskDefinition: operation('DeregisterTaskDefinition'),
      registerTaskDefinition: operation('RegisterTaskDefinition'),
      runTask: operation('RunTask'),
      updateService: operation('UpdateService'),
      stopServiceDeployment: operation('StopServiceDeployment'),
      continueServiceDeployment: operation('ContinueServiceDeployment'),
      listServiceDeployments: operation('ListServiceDeployments'),
      describeServiceDeployments: operation('DescribeServiceDeployments'),
      describeServiceRevisions: operation('DescribeServiceRevisions'),
      listTasks: operation('ListTasks'),
      describeTasks: operation('DescribeTasks'),
    }
  }

  /** Through the same dispatch as over HTTP: logged, and within AWS's buckets. */
  async #send(operation: string, input: JsonObject): Promise<JsonObject> {
    const { latencyMs = 0 } = this.#options
    if (latencyMs > 0) await this.clock.sleep(latencyMs)
    const arn = `arn:aws:iam::${accountId}:user/deployer`
    const sent = JSON.parse(JSON.stringify(input)) as Plain
    const subject = { requestId: 'fleet', caller: arn, service: 'ecs', operation, input: sent }
    const dispatch = createDispatch(this.virtual, this.log, [this.#throttling.layer])
    let answered: JsonObject = {}
    let message = 'Rate exceeded'
    const { status, errorCode } = await dispatch(subject, async () => {
      try {
        answered = await this.ask(operation, input)
        return { status: 200, headers: {} }
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error
        message = error.message
        return refuseInJson('fleet', error)
      }
    })
    if (errorCode === undefined) return answered
    const about = { service: 'ECS', operation, code: errorCode, httpStatus: status }
    throw new AwsFailure({ ...about, message })
  }
}

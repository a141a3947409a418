import { VirtualClock } from '../../simulator/clock/virtual-clock.ts'
import { createEcs as createSimulatedEcs, type Ecs } from '../../simulator/ecs/ecs.ts'
import { HistoryDriver } from '../../simulator/histories/history-driver.ts'
import type { History } from '../../simulator/histories/history.ts'
import { paceOf, type World } from '../../simulator/histories/play.ts'
import { startSimulator } from '../../simulator/simulator.ts'
import { ServiceError, type JsonObject } from '../../simulator/wire/service.ts'
import { createEcs } from '../../src/adapters/aws/ecs.ts'
import { AwsFailure } from '../../src/core/errors/aws-failure.ts'
import type { Ecs as EcsPort } from '../../src/ports/ecs.ts'
import { HistoryClock } from './history-clock.ts'

/** How the action reaches the simulator: its operations as functions, or the real SDK over HTTP. */
export type Transport = 'in-process' | 'http'

const accountId = '123456789012'
const region = 'us-east-1'

/** A simulated account that one history is played in. */
export interface Account extends World {
  readonly clock: HistoryClock
  /** ECS as the deployer reaches it. */
  readonly ecs: EcsPort
  close(): Promise<void>
}

export async function openAccount(history: History, transport: Transport): Promise<Account> {
  const virtual = new VirtualClock()
  const driver = new HistoryDriver(virtual, history)
  const clock = new HistoryClock(virtual, transport === 'http')
  const pace = paceOf(history)
  if (transport === 'in-process') {
    const ecs = createSimulatedEcs({ ...{ clock: virtual, accountId, region, driver, pace } })
    return { ...worldOf(ecs, clock), ecs: portOf(ecs), close: () => ecs.close() }
  }
  const registry = { foreignImages: 'assume' as const }
  const simulator = await startSimulator({ ...{ clock: virtual, driver, registry }, ecs: { pace } })
  process.env['AWS_ENDPOINT_URL_ECS'] = simulator.url
  const key = simulator.iam.addUser({ name: 'deployer' })
  const ecs = createEcs({ region, credentials: () => Promise.resolve(key) })
  return {
    ...worldOf(simulator.ecs, clock),
    ecs,
    close: async () => {
      delete process.env['AWS_ENDPOINT_URL_ECS']
      await simulator.close()
    },
  }
}

function worldOf(ecs: Ecs, clock: HistoryClock): World & { readonly clock: HistoryClock } {
  return {
    clock,
    ask: (operation, input) => ask(ecs, operation, input, 'operator'),
    disturb: (disturbance) => {
      ecs.disturb(disturbance)
    },
    script: (functionArn, answers) => {
      ecs.lambda.follow(functionArn, answers)
    },
    pass: (ms) => clock.sleep(ms),
    after: (ms, step) => clock.after(ms, step),
  }
}

async function ask(ecs: Ecs, operation: string, input: object, user: string): Promise<JsonObject> {
  const perform = ecs.operations[operation]
  if (perform === undefined) throw new TypeError(`no operation ${operation}`)
  const caller = {
    ...{ accessKeyId: 'AKIA', accountId, region },
    arn: `arn:aws:iam::${accountId}:user/${user}`,
  }
  // As on the wire: what is undefined is not there, and the simulator keeps nothing of the caller's.
  const sent = JSON.parse(JSON.stringify(input)) as JsonObject
  return await perform(sent, { caller, requestId: user })
}

function portOf(ecs: Ecs): EcsPort {
  const operation = (name: string) => async (input: object) => {
    try {
      return await ask(ecs, name, input, 'deployer')
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error
      const { code, message, httpStatus } = error
      throw new AwsFailure({ service: 'ECS', operation: name, code, message, httpStatus })
    }
  }
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

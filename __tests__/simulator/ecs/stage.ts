import { VirtualClock } from '../../../simulator/clock/virtual-clock.ts'
import { type Script, ScriptedDriver } from '../../../simulator/ecs/drivers/scripted-driver.ts'
import { createEcs, type Ecs, type EcsOptions } from '../../../simulator/ecs/ecs.ts'
import { isObject, textOf } from '../../../simulator/wire/json.ts'
import { type Call, type JsonObject, ServiceError } from '../../../simulator/wire/service.ts'

export const call: Call = {
  requestId: 'request-1',
  caller: {
    accessKeyId: 'AKIDEXAMPLE',
    accountId: '123456789012',
    arn: 'arn:aws:sts::123456789012:assumed-role/deployer/session',
    region: 'eu-west-1',
  },
}

export const account = { accountId: '123456789012', region: 'eu-west-1' }
export const arnOf = (path: string): string => `arn:aws:ecs:eu-west-1:123456789012:${path}`

/** An ECS with a cluster `main`, on a virtual clock, with scripted tasks. */
export interface Stage {
  readonly clock: VirtualClock
  readonly driver: ScriptedDriver
  readonly ecs: Ecs
  readonly ask: (operation: string, input: JsonObject) => Promise<JsonObject>
  /** The error code and text of a call that is refused. */
  readonly refusal: (operation: string, input: JsonObject) => Promise<string>
  /** Registers a revision of `web` with one container; returns its ARN. */
  readonly register: (changes?: JsonObject, container?: JsonObject) => Promise<string>
  /** A service `web` that has completed its first deployment. */
  readonly running: (settings?: JsonObject) => Promise<void>
  readonly service: () => Promise<JsonObject>
  readonly deployments: () => Promise<JsonObject[]>
  /** Newest first. */
  readonly records: () => Promise<JsonObject[]>
  /** Oldest first. */
  readonly events: () => Promise<string[]>
  readonly tasks: (filter: JsonObject) => Promise<JsonObject[]>
  readonly seconds: (count: number) => void
}

export function objects(value: JsonObject[string] | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

export function member(object: JsonObject | undefined, name: string): JsonObject {
  const value = object?.[name]
  return isObject(value) ? value : {}
}

export const webContainer: JsonObject = {
  name: 'app',
  image: 'web:1',
  memory: 128,
  portMappings: [{ containerPort: 80 }],
}

export function webDefinition(changes: JsonObject = {}, container: JsonObject = {}): JsonObject {
  return {
    family: 'web',
    containerDefinitions: [{ ...webContainer, ...container }],
    ...changes,
  }
}

export async function stage(
  script: Script = {},
  options: Partial<EcsOptions> = {},
): Promise<Stage> {
  const clock = new VirtualClock()
  const driver = new ScriptedDriver(clock, script)
  const ecs = createEcs({ clock, driver, ...account, ...options })
  const ask: Stage['ask'] = async (operation, input) => {
    const run = ecs.operations[operation]
    if (run === undefined) throw new Error(`no operation ${operation}`)
    return run(input, call)
  }
  const inMain = (input: JsonObject): JsonObject => ({ cluster: 'main', ...input })
  const service = async (): Promise<JsonObject> => {
    const answer = await ask('DescribeServices', inMain({ services: ['web'] }))
    return objects(answer['services'])[0] ?? {}
  }
  await ask('CreateCluster', { clusterName: 'main' })
  const made: Stage = {
    clock,
    driver,
    ecs,
    ask,
    refusal: async (operation, input) => {
      try {
        await ask(operation, input)
      } catch (error) {
        if (error instanceof ServiceError) return `${error.code}: ${error.message}`
        throw error
      }
      return 'accepted'
    },
    register: async (changes, container) => {
      const answer = await ask('RegisterTaskDefinition', webDefinition(changes, container))
      return textOf(member(answer, 'taskDefinition')['taskDefinitionArn']) ?? ''
    },
    running: async (settings = {}) => {
      const taskDefinition = await made.register()
      const wanted = { serviceName: 'web', desiredCount: 2, taskDefinition, ...settings }
      await ask('CreateService', inMain(wanted))
      clock.advance(120_000)
    },
    service,
    deployments: async () => objects((await service())['deployments']),
    records: async () => {
      const listed = await ask('ListServiceDeployments', inMain({ service: 'web' }))
      const arns = objects(listed['serviceDeployments']).map(
        (one) => one['serviceDeploymentArn'] ?? '',
      )
      const described = await ask('DescribeServiceDeployments', { serviceDeploymentArns: arns })
      return objects(described['serviceDeployments'])
    },
    events: async () =>
      objects((await service())['events'])
        .map((event) => textOf(event['message']) ?? '')
        .reverse(),
    tasks: async (filter) => {
      const listed = await ask('ListTasks', inMain(filter))
      const tasks = listed['taskArns'] ?? []
      if (Array.isArray(tasks) && tasks.length === 0) return []
      return objects((await ask('DescribeTasks', inMain({ tasks })))['tasks'])
    },
    seconds: (count) => clock.advance(count * 1000),
  }
  return made
}

/** What an event says, the ids that differ from run to run left out. */
export function withoutIds(message: string): string {
  return message.replace(/task [0-9a-f]{32}/g, 'task T').replace(/ecs-svc\/\d{19}/g, 'ecs-svc/N')
}

import { stringAt, type JsonObject } from '../../json.ts'
import { declaredInputs } from '../declared.ts'
import type { Mode } from '../mode.ts'
import type { InputReader } from '../reader.ts'
import { readObject, readObjects } from './objects.ts'

/** When the task runs: not at all, before the services are updated, or after all are deployed. */
export type RunTaskTime = 'off' | 'before' | 'after'

export const launchTypes = ['EC2', 'FARGATE', 'EXTERNAL', 'MANAGED_INSTANCES'] as const
export type LaunchType = (typeof launchTypes)[number]

/** A one-off task. What is undefined or empty is taken from the first service, where there is one. */
export interface RunTaskInputs {
  readonly when: RunTaskTime
  /** Name or ARN; for a task without a service. */
  readonly cluster: string
  /** Raw members of RunTask's `overrides.containerOverrides`. */
  readonly containerOverrides: readonly JsonObject[]
  readonly subnets: readonly string[]
  readonly securityGroups: readonly string[]
  readonly assignPublicIp: 'ENABLED' | 'DISABLED' | undefined
  readonly launchType: LaunchType | undefined
  readonly capacityProviderStrategy: readonly JsonObject[] | undefined
  readonly startedBy: string
  readonly tags: readonly JsonObject[]
  readonly volume: { readonly name: string; readonly configuration: JsonObject } | undefined
  /** The container whose exit code alone decides; undefined: all essential ones must end with 0. */
  readonly container: string | undefined
}

const prefix = 'run-task-'
const containerPattern = /^[a-zA-Z0-9_-]{1,255}$/
/** RunTask's `startedBy` (API reference). */
const startedByPattern = /^[\w/-]{1,128}$/
const mostOverrideCharacters = 8192

/** The task, its place and its verdict. */
export function readRunTask(reader: InputReader, mode: Mode): RunTaskInputs {
  const when = readTime(reader)
  if (mode === 'run') needDefinition(reader)
  if (isBeside(mode) && when !== 'off') checkTime(reader, when)
  return {
    when,
    // `cluster` was judged with the services.
    cluster: reader.text('cluster') ?? 'default',
    containerOverrides: readOverrides(reader),
    subnets: readIds(reader, 'run-task-subnets', 'subnet'),
    securityGroups: readIds(reader, 'run-task-security-groups', 'sg'),
    assignPublicIp: readWord(reader, 'run-task-assign-public-ip', ['ENABLED', 'DISABLED']),
    ...readLaunch(reader),
    startedBy:
      reader.parsed('run-task-started-by', 'is not 1 to 128 letters, digits, -, _ and /', (text) =>
        startedByPattern.test(text) ? text : undefined,
      ) ?? '',
    tags: readTags(reader),
    volume: readVolume(reader),
    container: reader.parsed('run-task-container', 'is no name of a container', (text) =>
      containerPattern.test(text) ? text : undefined,
    ),
  }
}

/** Settings of a task that was given although none runs: for a notice. */
export function idleRunTaskInputs(reader: InputReader, mode: Mode): readonly string[] {
  if (!isBeside(mode) || readTime(reader) !== 'off') return []
  return Object.keys(declaredInputs).filter((name) => name.startsWith(prefix) && reader.given(name))
}

/** Whether `mode` runs a task beside services. */
function isBeside(mode: Mode): boolean {
  return declaredInputs['run-task']?.modes.includes(mode) === true
}

function readTime(reader: InputReader): RunTaskTime {
  const times: Readonly<Record<string, RunTaskTime>> = {
    ...{ off: 'off', before: 'before', after: 'after', true: 'before', false: 'off' },
  }
  const allowed = 'is none of off, before (or true), after'
  return reader.parsed('run-task', allowed, (text) => times[text.toLowerCase()]) ?? 'off'
}

function checkTime(reader: InputReader, when: RunTaskTime): void {
  if (reader.text('service') === undefined) {
    reader.reject('run-task', 'needs a `service`; `mode: run` runs a task without one')
  }
  if (when === 'after' && !reader.boolean('wait-for-service-stability')) {
    reader.reject('run-task', 'waits for the deployment, and `wait-for-service-stability` does not')
  }
}

function needDefinition(reader: InputReader): void {
  const sources = ['task-definition', 'task-definition-arn', 'task-definition-family']
  const given = sources.some((source) => reader.text(source) !== undefined)
  if (given || reader.text('service') !== undefined) return
  reader.reject(
    'task-definition',
    'is missing; `mode: run` needs a task definition, or a `service` whose it takes',
  )
}

function readOverrides(reader: InputReader): readonly JsonObject[] {
  const input = 'run-task-container-overrides'
  const overrides = readObjects(reader, input) ?? []
  const names = overrides.map((override) => stringAt(override, 'name'))
  if (names.includes(undefined)) reader.reject(input, 'has an override without a `name`')
  if (new Set(names).size < names.length) reader.reject(input, 'overrides a container twice')
  if (JSON.stringify(overrides).length > mostOverrideCharacters) {
    reader.reject(input, `is longer than the ${mostOverrideCharacters} characters that ECS takes`)
  }
  return overrides
}

function readIds(reader: InputReader, input: string, kind: string): readonly string[] {
  const ids = reader.list(input)
  const pattern = new RegExp(`^${kind}-[0-9a-z]+$`)
  for (const id of ids.filter((each) => !pattern.test(each))) {
    reader.reject(input, `is no id such as ${kind}-0123456789abcdef0`, id)
  }
  return ids
}

function readWord<T extends string>(
  reader: InputReader,
  input: string,
  words: readonly T[],
): T | undefined {
  return reader.parsed(input, `is none of ${words.join(', ')}`, (text) =>
    words.find((word) => word === text),
  )
}

function readLaunch(
  reader: InputReader,
): Pick<RunTaskInputs, 'launchType' | 'capacityProviderStrategy'> {
  const input = 'run-task-capacity-provider-strategy'
  const launchType = readWord(reader, 'run-task-launch-type', launchTypes)
  const capacityProviderStrategy = readObjects(reader, input)
  if (capacityProviderStrategy?.some((item) => stringAt(item, 'capacityProvider') === undefined)) {
    reader.reject(input, 'has an element without `capacityProvider`')
  }
  if (reader.text(input) !== undefined && reader.text('run-task-launch-type') !== undefined) {
    reader.reject(input, 'and run-task-launch-type exclude each other; ECS takes one of them')
  }
  return { launchType, capacityProviderStrategy }
}

function readTags(reader: InputReader): readonly JsonObject[] {
  const tags = readObjects(reader, 'run-task-tags') ?? []
  if (tags.some((tag) => stringAt(tag, 'key') === undefined)) {
    reader.reject('run-task-tags', 'has a tag without `key`; write {"key": "…", "value": "…"}')
  }
  return tags
}

function readVolume(reader: InputReader): RunTaskInputs['volume'] {
  const [nameInput, input] = ['run-task-managed-ebs-volume-name', 'run-task-managed-ebs-volume']
  const name = reader.text(nameInput)
  const configuration = readObject(reader, input)
  if (name === undefined && reader.text(input) === undefined) return undefined
  if (name === undefined) reader.reject(nameInput, `is missing; ${input} configures it`)
  if (reader.text(input) === undefined) reader.reject(input, `is missing; ${nameInput} names it`)
  if (configuration !== undefined && stringAt(configuration, 'roleArn') === undefined) {
    reader.reject(input, 'has no `roleArn`, the role by which ECS makes the volume')
  }
  return { name: name ?? '', configuration: configuration ?? {} }
}

import type { ContainerChanges, DefinitionChanges } from '../../task-definition/changes/changes.ts'
import { splitWords } from '../../task-definition/split-words.ts'
import { readContainerImages } from '../build/container-images.ts'
import { declaredInputs } from '../declared.ts'
import type { Mode } from '../mode.ts'
import { readNameChanges } from './name-changes.ts'
import type { InputReader } from '../reader.ts'

/** Where the next task definition comes from. */
export type TaskDefinitionChoice =
  /** What the service runs now. */
  | { readonly kind: 'service' }
  /** A file in the workspace. */
  | { readonly kind: 'file'; readonly path: string }
  /** The newest ACTIVE revision of a family. */
  | { readonly kind: 'family'; readonly family: string }
  /** Exactly this revision: an ARN or `family:revision`. Unedited it is used as it is. */
  | {
      readonly kind: 'revision'
      readonly revision: string
      /** The ARN's, where one was written. */
      readonly region: string | undefined
    }

/** Where the task definition comes from, and what is changed of it. */
export interface TaskDefinitionInputs {
  readonly choice: TaskDefinitionChoice
  /** A role may be a bare name; {@link DefinitionChanges} that are applied have ARNs. */
  readonly changes: DefinitionChanges
  /** Container name to the bake target of this run whose image it gets; absent: decided by what they run. */
  readonly containerTargets?: ReadonlyMap<string, string>
}

const name = '[a-zA-Z0-9_-]{1,255}'
const familyPattern = new RegExp(`^${name}$`)
const revisionArnPattern = new RegExp(
  `^arn:aws[a-z-]*:ecs:([a-z0-9-]+):\\d{12}:task-definition/${name}:[1-9]\\d{0,9}$`,
)
const environmentFilePattern = /^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]+\/\S(.*\S)?$/
const rolePattern = /^(arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}|[\w+=,.@-]{1,64})$/
const cpuPattern = /^(\d{1,9}|(\d+|\d*\.\d+)\s*vcpu)$/i
const memoryPattern = /^(\d{1,9}|(\d+|\d*\.\d+)\s*gb)$/i

export function readTaskDefinitionInputs(reader: InputReader, mode: Mode): TaskDefinitionInputs {
  const { references, targets } = readContainerImages(reader, mode)
  return {
    choice: readChoice(reader, mode),
    ...(targets && { containerTargets: targets }),
    changes: {
      container: readContainerChanges(reader),
      task: {
        taskRoleArn: readRole(reader, 'task-role-arn'),
        executionRoleArn: readRole(reader, 'execution-role-arn'),
        cpu: readMatching(reader, 'cpu', cpuPattern, 'is neither CPU units (512) nor 1 vCPU'),
        memory: readMatching(reader, 'memory', memoryPattern, 'is neither MiB (1024) nor 1 GB'),
      },
      containerImages: references,
    },
  }
}

const sources = ['task-definition', 'task-definition-arn', 'task-definition-family'] as const

/** A source that `mode` does not use is in nobody's way: one block of inputs serves all modes. */
function readChoice(reader: InputReader, mode: Mode): TaskDefinitionChoice {
  const [given, ...others] = sources.filter(
    (source) =>
      reader.text(source) !== undefined && declaredInputs[source]?.modes.includes(mode) === true,
  )
  for (const other of others) {
    reader.reject(other, `and ${given ?? ''} both say where the task definition comes from`)
  }
  const path = reader.text('task-definition')
  const family = readMatching(
    ...([reader, 'task-definition-family', familyPattern] as const),
    'is no family name: letters, digits, - and _',
  )
  const revision = reader.integer('task-definition-revision', { min: 1, max: 999_999_999 })
  if (revision !== undefined && reader.text('task-definition-family') === undefined) {
    reader.reject('task-definition-revision', 'is given without task-definition-family')
  }
  const arn = reader.text('task-definition-arn')
  if (arn !== undefined) return readArn(reader, arn)
  if (path !== undefined) return { kind: 'file', path }
  if (family === undefined) return { kind: 'service' }
  if (revision === undefined) return { kind: 'family', family }
  return { kind: 'revision', revision: `${family}:${revision}`, region: undefined }
}

function readArn(reader: InputReader, arn: string): TaskDefinitionChoice {
  const [, region] = revisionArnPattern.exec(arn) ?? []
  if (region === undefined) {
    reader.reject('task-definition-arn', 'is no ARN of a revision (arn:…:task-definition/web:12)')
  }
  return { kind: 'revision', revision: arn, region }
}

function readContainerChanges(reader: InputReader): ContainerChanges {
  const rules = { removable: true, emptyValues: true }
  const environment = readNameChanges(reader, 'environment-variables', rules)
  const secrets = readNameChanges(reader, 'container-secrets', { ...rules, emptyValues: false })
  const inSecrets = new Set([...secrets.set.keys(), ...secrets.removed])
  for (const both of [...environment.set.keys(), ...environment.removed]) {
    if (inSecrets.has(both)) {
      const message = `and environment-variables both name ${JSON.stringify(both)}; a name set in one leaves the other by itself`
      reader.reject('container-secrets', message)
    }
  }
  return {
    ...{ environment, secrets },
    environmentFiles: readEnvironmentFiles(reader),
    dockerLabels: readNameChanges(reader, 'docker-labels', rules),
    command: readCommand(reader),
    logDriver: readMatching(
      ...([reader, 'log-configuration-log-driver', /^[a-z][a-z0-9-]*$/] as const),
      'is no log driver such as awslogs',
    ),
    logOptions: readNameChanges(reader, 'log-configuration-options', {
      ...{ removable: false, emptyValues: true },
    }).set,
  }
}

function readEnvironmentFiles(reader: InputReader): readonly string[] | undefined {
  const lines = reader.lines('env-files')
  if (lines.length === 0) return undefined
  if (lines.length === 1 && lines[0] === '-') return []
  for (const line of lines.filter((each) => !environmentFilePattern.test(each))) {
    reader.reject('env-files', 'is no ARN of an S3 object (arn:aws:s3:::bucket/web.env)', line)
  }
  return lines
}

function readCommand(reader: InputReader): readonly string[] | undefined {
  const text = reader.text('command')
  if (text === undefined) return undefined
  if (!text.startsWith('[')) {
    const words = splitWords(text)
    if (typeof words !== 'string') return words
    reader.reject('command', `has ${words}`)
    return undefined
  }
  const command = parseStrings(text)
  if (command === undefined) {
    reader.reject('command', 'begins with [ and is no JSON array of strings; quote a word "["')
  }
  return command
}

function parseStrings(text: string): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) && value.every((each) => typeof each === 'string')
      ? value
      : undefined
  } catch {
    return undefined
  }
}

function readRole(reader: InputReader, input: string): string | undefined {
  const allowed =
    'is neither a role ARN (arn:aws:iam::123456789012:role/name) nor the name of a role'
  return readMatching(reader, input, rolePattern, allowed)
}

function readMatching(
  reader: InputReader,
  input: string,
  pattern: RegExp,
  allowed: string,
): string | undefined {
  return reader.parsed(input, allowed, (text) => (pattern.test(text) ? text : undefined))
}

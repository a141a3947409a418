import { isJsonObject, type Json, type JsonObject } from '../json.ts'

/** A value whose type ECS would refuse, or that a parser changed on its way. */
export interface Mistyped {
  readonly at: readonly (string | number)[]
  readonly problem: string
}

/**
 * The members that are strings in the ECS API and look like numbers in files; `*` stands for every
 * element or key. Unquoted, YAML makes 1.1 of `1.10` and 12 of `012` (measured), and so an account
 * id loses its leading zero.
 */
const strings: readonly (readonly string[])[] = [
  'family',
  'taskRoleArn',
  'executionRoleArn',
  'networkMode',
  'cpu',
  'memory',
  'pidMode',
  'ipcMode',
  'tags.*.key',
  'tags.*.value',
  'volumes.*.name',
  'containerDefinitions.*.name',
  'containerDefinitions.*.image',
  'containerDefinitions.*.command.*',
  'containerDefinitions.*.entryPoint.*',
  'containerDefinitions.*.environment.*.name',
  'containerDefinitions.*.environment.*.value',
  'containerDefinitions.*.secrets.*.name',
  'containerDefinitions.*.secrets.*.valueFrom',
  'containerDefinitions.*.dockerLabels.*',
  'containerDefinitions.*.hostname',
  'containerDefinitions.*.user',
  'containerDefinitions.*.workingDirectory',
  'containerDefinitions.*.healthCheck.command.*',
  'containerDefinitions.*.logConfiguration.options.*',
  'containerDefinitions.*.systemControls.*.value',
  'containerDefinitions.*.resourceRequirements.*.value',
  'containerDefinitions.*.portMappings.*.containerPortRange',
].map((path) => path.split('.'))

/** Finds every number or boolean where ECS wants a string, and every number that lost digits. */
export function findMistyped(definition: JsonObject): readonly Mistyped[] {
  return walk(definition, [])
}

function walk(value: Json | undefined, at: readonly (string | number)[]): readonly Mistyped[] {
  if (Array.isArray(value)) return value.flatMap((element: Json, i) => walk(element, [...at, i]))
  if (isJsonObject(value)) {
    return Object.entries(value).flatMap(([name, member]) => walk(member, [...at, name]))
  }
  if (typeof value !== 'number' && typeof value !== 'boolean') return []
  const where = at.join('.')
  if (strings.some((path) => matches(path, at))) {
    const problem = `${where} is the ${typeof value} ${String(value)} where ECS wants a string; put it in quotes`
    return [{ at, problem }]
  }
  if (typeof value === 'boolean' || (Number.isFinite(value) && !isRounded(value))) return []
  return [{ at, problem: `${where} is a number that JSON cannot carry exactly` }]
}

function isRounded(value: number): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value)
}

function matches(path: readonly string[], at: readonly (string | number)[]): boolean {
  return (
    path.length === at.length && path.every((part, i) => part === '*' || part === String(at[i]))
  )
}

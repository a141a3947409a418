import type { Json } from '../json.ts'

/** Members whose values are sizes, names and references, and never secrets; `*` is any container. */
const shownMembers: readonly (readonly string[])[] = [
  ['family'],
  ['cpu'],
  ['memory'],
  ['networkMode'],
  ['taskRoleArn'],
  ['executionRoleArn'],
  ['runtimePlatform', 'cpuArchitecture'],
  ['runtimePlatform', 'operatingSystemFamily'],
  ['containerDefinitions', '*', 'image'],
  ['containerDefinitions', '*', 'cpu'],
  ['containerDefinitions', '*', 'memory'],
  ['containerDefinitions', '*', 'memoryReservation'],
  ['containerDefinitions', '*', 'essential'],
  ['containerDefinitions', '*', 'logConfiguration', 'logDriver'],
]

/** The value of a task definition's member as it may be shown; undefined: its name says enough. */
export function shownValue(path: readonly string[], value: Json | undefined): string | undefined {
  const isShown = shownMembers.some(
    (member) =>
      member.length === path.length &&
      member.every((name, index) => name === '*' || name === path[index]),
  )
  if (!isShown) return undefined
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' ? value : undefined
}

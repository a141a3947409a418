import type { NameChanges } from '../../task-definition/changes/changes.ts'
import type { InputReader } from '../reader.ts'

/** How the lines of an input of names are read. */
export interface NameLines {
  /** Whether `KEY-` removes the name. */
  readonly removable: boolean
  /** Whether `KEY=` is a value. */
  readonly emptyValues: boolean
}

/**
 * Reads `KEY=value` lines, split at the first `=`, and `KEY-` lines. What is wrong is told by line
 * and name: values may be secret.
 */
export function readNameChanges(reader: InputReader, input: string, rules: NameLines): NameChanges {
  const set = new Map<string, string>()
  const removed = new Set<string>()
  for (const [index, line] of reader.lines(input).entries()) {
    const { name, value } = parseLine(line, rules)
    const allowed = rules.removable ? 'neither KEY=value nor KEY-' : 'not KEY=value'
    if (name === undefined) {
      reader.reject(input, `line ${index + 1} is ${allowed}`)
    } else if (set.has(name) || removed.has(name)) {
      reader.reject(input, `names ${JSON.stringify(name)} twice`)
    } else if (value === undefined) {
      removed.add(name)
    } else if (value === '' && !rules.emptyValues) {
      reader.reject(input, `has no value for ${JSON.stringify(name)}`)
    } else {
      set.set(name, value)
    }
  }
  return { set, removed }
}

function parseLine(
  line: string,
  { removable }: NameLines,
): { readonly name?: string; readonly value?: string } {
  const equals = line.indexOf('=')
  const removes = equals < 0 && removable && line.endsWith('-')
  if (equals < 0 && !removes) return {}
  const name = removes ? line.slice(0, -1) : line.slice(0, equals)
  if (name === '' || /\s/.test(name)) return {}
  return removes ? { name } : { name, value: line.slice(equals + 1) }
}

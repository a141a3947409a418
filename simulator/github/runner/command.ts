/** A workflow command found in a line of output. */
export interface WorkflowCommand {
  /** As it was written; names are compared without regard to case. */
  readonly name: string
  /** Property names in lower case: the runner's are compared without regard to case. */
  readonly properties: ReadonlyMap<string, string>
  readonly data: string
}

/** Replacements in the runner's order: `%25` comes last, so that `%250A` becomes `%0A`. */
type Escapes = readonly (readonly [escaped: string, character: string])[]

const dataEscapes: Escapes = [
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%25', '%'],
]
const propertyEscapes: Escapes = [
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%3A', ':'],
  ['%2C', ','],
  ['%25', '%'],
]
const legacyEscapes: Escapes = [
  ['%3B', ';'],
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%5D', ']'],
  ['%25', '%'],
]

/** The parts of a command before its escapes are undone. */
interface Syntax {
  readonly head: string
  readonly data: string
  readonly separator: string
  readonly propertyEscapes: Escapes
  readonly dataEscapes: Escapes
}

/**
 * Parses a line of output as the runner's ActionCommand does: `::name key=value,…::data` at the
 * line's first non-blank, else the legacy `##[name key=value;…]data` **anywhere** in the line.
 * Only names that `isKnown` accepts make a command; the first form, if unknown, does not hide the
 * second.
 */
export function parseCommand(
  line: string,
  isKnown: (name: string) => boolean,
): WorkflowCommand | undefined {
  for (const syntax of [currentSyntax(line), legacySyntax(line)]) {
    const command = syntax && read(syntax, isKnown)
    if (command) return command
  }
  return undefined
}

function currentSyntax(line: string): Syntax | undefined {
  const message = line.trimStart()
  if (!message.startsWith('::')) return undefined
  const end = message.indexOf('::', 2)
  if (end < 0) return undefined
  const [head, data] = [message.slice(2, end), message.slice(end + 2)]
  return { head, data, separator: ',', propertyEscapes, dataEscapes }
}

function legacySyntax(line: string): Syntax | undefined {
  const start = line.indexOf('##[')
  const end = start < 0 ? -1 : line.indexOf(']', start)
  if (end < 0) return undefined
  const [head, data] = [line.slice(start + 3, end), line.slice(end + 1)]
  return { head, data, separator: ';', propertyEscapes: legacyEscapes, dataEscapes: legacyEscapes }
}

function read(syntax: Syntax, isKnown: (name: string) => boolean): WorkflowCommand | undefined {
  const space = syntax.head.indexOf(' ')
  const name = space < 0 ? syntax.head : syntax.head.slice(0, space)
  if (!isKnown(name)) return undefined
  const list = space < 0 ? '' : syntax.head.slice(space + 1)
  return {
    name,
    properties: readProperties(list, syntax),
    data: unescape(syntax.data, syntax.dataEscapes),
  }
}

function readProperties(list: string, syntax: Syntax): Map<string, string> {
  const properties = new Map<string, string>()
  const written = syntax.separator === ',' ? list.trim() : list
  for (const pair of written.split(syntax.separator)) {
    // .NET's Split drops empty parts: `=x` and `x=` are no pairs, `=k==v` is `k`, `v`.
    const [, key, value] = /^=*([^=]+)=+([^=].*)$/s.exec(pair) ?? []
    if (key === undefined || value === undefined) continue
    properties.set(key.toLowerCase(), unescape(value, syntax.propertyEscapes))
  }
  return properties
}

const unescape = (text: string, escapes: Escapes): string =>
  escapes.reduce((result, [escaped, character]) => result.replaceAll(escaped, character), text)

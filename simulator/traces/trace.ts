import { isObject, parseJson } from '../wire/json.ts'
import type { Json, JsonObject } from '../wire/service.ts'

/** One API call as it travelled, without headers: they hold signatures. */
export interface Exchange {
  /** When the answer had come, in milliseconds since the Unix epoch. */
  readonly atMs: number
  /** `ecs`, `ecr`, `sts`, `logs`, or another target prefix as it came. */
  readonly service: string
  readonly operation: string
  /** The JSON body, or the fields of the form. */
  readonly request: JsonObject
  readonly status: number
  /** The JSON body; text where it is not JSON. */
  readonly response: Json
}

/** The exchanges of one run of the action, in the order of their answers. */
export interface TracedRun {
  /** `first release` */
  readonly name: string
  /** GITHUB_SHA of the run. */
  readonly commit: string
  /** The inputs of the step. */
  readonly inputs: Readonly<Record<string, string>>
  /** The action's `outcome` and `digest`. */
  readonly outcome: string
  readonly digest: string
  readonly exchanges: readonly Exchange[]
}

/** What was recorded in one session, against one account. */
export interface Trace {
  readonly format: 1
  readonly runs: readonly TracedRun[]
}

/** Reads what {@link writeTrace} wrote. @throws SyntaxError where it is no trace. */
export function readTrace(text: string): Trace {
  const value = parseJson(text)
  if (!isObject(value) || value['format'] !== 1) throw new SyntaxError('no trace of format 1')
  const { bodies } = value
  if (!Array.isArray(bodies)) throw new SyntaxError('bodies is not a list')
  return { format: 1, runs: objects(value, 'runs').map((run) => readRun(run, bodies)) }
}

/**
 * A trace as text. Most polls answer what the poll before them answered, so each body is written
 * once, a line each; the exchanges name their bodies by number.
 */
export function writeTrace({ runs }: Trace): string {
  const bodies = new Map<string, number>()
  const numberOf = (body: Json): number => {
    const line = JSON.stringify(body)
    const known = bodies.get(line) ?? bodies.size
    bodies.set(line, known)
    return known
  }
  const written = runs.map(({ exchanges, ...facts }) => {
    const lines = exchanges.map(({ request, response, ...rest }) =>
      JSON.stringify({ ...rest, request: numberOf(request), response: numberOf(response) }),
    )
    return `${JSON.stringify(facts).slice(0, -1)},"exchanges":[\n${lines.join(',\n')}\n]}`
  })
  const table = [...bodies.keys()].join(',\n')
  return `{"format":1,"bodies":[\n${table}\n],"runs":[\n${written.join(',\n')}\n]}\n`
}

function readRun(run: JsonObject, bodies: readonly Json[]): TracedRun {
  return {
    name: text(run, 'name'),
    commit: text(run, 'commit'),
    inputs: texts(run, 'inputs'),
    outcome: text(run, 'outcome'),
    digest: text(run, 'digest'),
    exchanges: objects(run, 'exchanges').map((exchange) => readExchange(exchange, bodies)),
  }
}

function readExchange(exchange: JsonObject, bodies: readonly Json[]): Exchange {
  const { atMs, status } = exchange
  const [request, response] = [exchange['request'], exchange['response']].map((number) =>
    typeof number === 'number' ? bodies[number] : undefined,
  )
  if (typeof atMs !== 'number' || typeof status !== 'number' || response === undefined) {
    throw new SyntaxError('an exchange lacks its time, status or response')
  }
  return {
    atMs,
    service: text(exchange, 'service'),
    operation: text(exchange, 'operation'),
    request: isObject(request) ? request : {},
    status,
    response,
  }
}

function text(object: JsonObject, name: string): string {
  const value = object[name]
  if (typeof value !== 'string') throw new SyntaxError(`${name} is not text`)
  return value
}

function texts(object: JsonObject, name: string): Readonly<Record<string, string>> {
  const value = object[name]
  if (!isObject(value)) throw new SyntaxError(`${name} is not an object`)
  return Object.fromEntries(Object.keys(value).map((member) => [member, text(value, member)]))
}

function objects(object: JsonObject, name: string): readonly JsonObject[] {
  const value = object[name]
  if (!Array.isArray(value) || !value.every(isObject)) {
    throw new SyntaxError(`${name} is not a list of objects`)
  }
  return value
}

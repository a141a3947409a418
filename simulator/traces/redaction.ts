import { isObject } from '../wire/json.ts'
import type { Json } from '../wire/service.ts'
import { Placeholders } from './placeholders.ts'
import { redactMembers, type MemberRedaction } from './secret-members.ts'
import { accountName, accountsIn, redactText } from './secret-text.ts'
import type { Trace } from './trace.ts'

/** What is shorter may be a word of its own: it is replaced in its place only. */
const QUOTED_MIN_LENGTH = 8
/** Of a command line or log line those parts that may be a secret of their own. */
const PART = /[^\s"'`,;:=&?|<>()[\]{}@]{12,}/g
/** `IN_PROGRESS`: a variable may hold the API's own words, which everything else depends on. */
const API_WORD = /^[A-Z]+(?:_[A-Z]+)*$/

/** What the SDK and docker can read as a login, and holds none. */
const NO_LOGIN = Buffer.from('AWS:redacted').toString('base64')

/**
 * `trace` without credentials, account ids, addresses, ids of network resources, and what users
 * set: values of variables, references of secrets, commands, labels, tags and log lines. Equal
 * things stay equal; shapes stay readable to an SDK. What was secret in its place is replaced
 * wherever else it is quoted, if it has at least 8 characters, and so is each long
 * part of a command or a log line. Names stay: of clusters, services,
 * roles, repositories, containers, variables.
 */
export function redact(trace: Trace): Trace {
  const redactor = new Redactor()
  redactor.learn(trace)
  return {
    format: 1,
    runs: trace.runs.map(({ exchanges, ...run }) => ({
      ...run,
      name: redactor.text(run.name),
      inputs: Object.fromEntries(
        Object.entries(run.inputs).map(([name, value]) => [name, redactor.text(value)]),
      ),
      exchanges: exchanges.map((exchange) => ({
        ...exchange,
        operation: redactor.text(exchange.operation),
        request: redactor.object(exchange.request),
        response: redactor.json(exchange.response),
      })),
    })),
  }
}

class Redactor {
  readonly #placeholders = new Placeholders()
  /** What is quoted elsewhere, by what it is replaced with; longest first. */
  #echoes: readonly (readonly [string, string])[] = []

  /** Notes what is secret by its place, to find it in other places as well. */
  learn(trace: Trace): void {
    const echoes = new Map<string, string>()
    const note = (value: string, replacement: string): string => {
      if (value.length >= QUOTED_MIN_LENGTH && !API_WORD.test(value)) echoes.set(value, replacement)
      return replacement
    }
    const noteParts = (value: string): void => {
      for (const part of value.match(PART) ?? []) note(part, this.#setting(part))
    }
    const redaction: MemberRedaction = {
      credential: (member, value) => note(value, withoutCredential(member)),
      setting: (value) => {
        noteParts(value)
        return note(value, this.#setting(value))
      },
    }
    for (const { exchanges } of trace.runs) {
      for (const { request, response } of exchanges) {
        redactMembers(request, redaction)
        redactMembers(response, redaction)
      }
    }
    for (const text of textsIn(trace.runs)) {
      for (const account of accountsIn(text)) {
        echoes.set(account, accountName(account, this.#placeholders))
      }
    }
    this.#echoes = [...echoes].sort(([a], [b]) => b.length - a.length)
  }

  object(value: Readonly<Record<string, Json>>): Record<string, Json> {
    const redacted = this.json({ ...value })
    return isObject(redacted) ? redacted : {}
  }

  json(value: Json): Json {
    const inPlace = redactMembers(value, {
      credential: (member) => withoutCredential(member),
      setting: (setting) => this.#setting(setting),
    })
    return this.#texts(inPlace)
  }

  text(text: string): string {
    let result = text
    for (const [secret, replacement] of this.#echoes) {
      if (result.includes(secret)) result = result.replaceAll(secret, replacement)
    }
    return redactText(result, this.#placeholders)
  }

  #texts(value: Json): Json {
    if (typeof value === 'string') return this.text(value)
    if (Array.isArray(value)) return value.map((item) => this.#texts(item))
    if (!isObject(value)) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [this.text(name), this.#member(name, member)]),
    )
  }

  /** A manifest is its digest: changed within, it would be a lie. */
  #member(name: string, value: Json): Json {
    if (name !== 'imageManifest' || typeof value !== 'string') return this.#texts(value)
    return this.text(value) === value ? value : '[redacted manifest]'
  }

  #setting(value: string): string {
    if (value === '') return value
    return this.#placeholders.of('setting', value, (n) => `value-${n}`)
  }
}

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value
  else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      yield name
      yield* textsIn(member)
    }
  }
}

function withoutCredential(member: string): string {
  return member.toLowerCase() === 'authorizationtoken' ? NO_LOGIN : '[redacted]'
}

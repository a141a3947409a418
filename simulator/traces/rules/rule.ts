import { isObject } from '../../wire/json.ts'
import type { Json, JsonObject } from '../../wire/service.ts'
import type { Exchange, Trace } from '../trace.ts'

/** An exchange and where it is in the trace: `new commit, ecs:UpdateService`. */
export interface Located extends Exchange {
  readonly run: string
  readonly where: string
}

/** What a rule found in a trace. */
export interface Judgement {
  /** How often the trace had something for the rule to judge. */
  readonly observed: number
  /** Where AWS did otherwise, and what it did. */
  readonly contradictions: readonly string[]
}

/** What a rule of SPEC.md says that a trace can contradict. */
export interface Rule {
  /** As in SPEC.md: `ECS-8`. Several may share one. */
  readonly id: string
  readonly says: string
  readonly judge: (exchanges: readonly Located[]) => Judgement
}

/** A thing that was seen, and the exchange that it was seen in. */
export interface Seen<T> {
  readonly value: T
  readonly at: Located
}

/**
 * A rule about single things.
 * @param find Every such thing in one exchange.
 * @param wrong What contradicts the rule about one; undefined where nothing does.
 */
export function everyOne<T>(
  id: string,
  says: string,
  find: (exchange: Located) => readonly T[],
  wrong: (value: T, at: Located) => string | undefined,
): Rule {
  return {
    id,
    says,
    judge: (exchanges) => {
      const seen = everything(exchanges, find)
      return judgementOf(seen.length, seen, ({ value, at }) => wrong(value, at))
    },
  }
}

/** A rule about how things follow each other. */
export function overAll(id: string, says: string, judge: Rule['judge']): Rule {
  return { id, says, judge }
}

/** Everything that `find` finds, in order. */
export function everything<T>(
  exchanges: readonly Located[],
  find: (exchange: Located) => readonly T[],
): readonly Seen<T>[] {
  return exchanges.flatMap((at) => find(at).map((value) => ({ value, at })))
}

/** A judgement on what was seen, told once for each place and text. */
export function judgementOf<T>(
  observed: number,
  seen: readonly Seen<T>[],
  wrong: (one: Seen<T>) => string | undefined,
): Judgement {
  const told = seen.flatMap((one) => {
    const text = wrong(one)
    return text === undefined ? [] : [`${one.at.where}: ${text}`]
  })
  return { observed, contradictions: [...new Set(told)] }
}

/** The exchanges of a trace in order, each with its place. */
export function locate({ runs }: Trace): readonly Located[] {
  return runs.flatMap(({ name, exchanges }) =>
    exchanges.map((exchange) => ({
      ...exchange,
      run: name,
      where: `${name}, ${exchange.service}:${exchange.operation}`,
    })),
  )
}

/** Whether it is this call, and was answered. */
export function isAnswer(exchange: Exchange, service: string, operation: string): boolean {
  return exchange.service === service && exchange.operation === operation && exchange.status === 200
}

/** The objects of a list member; none where it is not there. */
export function objectsIn(value: Json | undefined, name: string): readonly JsonObject[] {
  const list = isObject(value) ? value[name] : undefined
  return Array.isArray(list) ? list.filter(isObject) : []
}

/** A member as text; empty where it is not there. */
export function textIn(value: Json | undefined, name: string): string {
  const member = isObject(value) ? value[name] : undefined
  return typeof member === 'string' ? member : ''
}

/** A member as a number; 0 where it is not there. */
export function numberIn(value: Json | undefined, name: string): number {
  const member = isObject(value) ? value[name] : undefined
  return typeof member === 'number' ? member : 0
}

/** A member as an object; empty where it is not there. */
export function objectIn(value: Json | undefined, name: string): JsonObject {
  const member = isObject(value) ? value[name] : undefined
  return isObject(member) ? member : {}
}

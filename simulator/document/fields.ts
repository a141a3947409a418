import { closest } from 'fastest-levenshtein'

import { isObject } from '../wire/json.ts'
import type { Json, JsonObject } from '../wire/service.ts'
import type { Path, Problem } from './problem.ts'

/**
 * Reads the members of one object in a document that a person wrote. What is wrong is collected in
 * `problems`, never thrown, so that all of it can be told at once.
 */
export class Fields {
  readonly path: Path
  readonly problems: Problem[]
  readonly #object: JsonObject

  /** @param names The members that there may be; another one is a problem. */
  constructor(value: Json | undefined, path: Path, problems: Problem[], names: readonly string[]) {
    this.path = path
    this.problems = problems
    this.#object = isObject(value) ? value : {}
    if (!isObject(value)) this.refuse(undefined, `is an object, not ${shown(value)}`)
    for (const name of Object.keys(this.#object)) {
      if (names.includes(name)) continue
      this.refuse(name, `is not known; did you mean '${closest(name, names)}'?`)
    }
  }

  /** Notes a problem with a member, or with the whole object. */
  refuse(name: string | undefined, message: string): void {
    const path = name === undefined ? this.path : [...this.path, name]
    this.problems.push({ path, message })
  }

  has(name: string): boolean {
    return this.#object[name] !== undefined && this.#object[name] !== null
  }

  /** The value as it stands there. */
  raw(name: string): Json | undefined {
    return this.has(name) ? this.#object[name] : undefined
  }

  text(name: string): string | undefined {
    const value = this.raw(name)
    if (value === undefined || (typeof value === 'string' && value !== '')) return value
    this.refuse(name, `is a text, not ${shown(value)}`)
    return undefined
  }

  /** A text that has to be there; an empty one stands in for it when it is not. */
  requiredText(name: string): string {
    if (!this.has(name)) this.refuse(undefined, `needs '${name}'`)
    return this.text(name) ?? ''
  }

  wholeNumber(name: string, least = 0): number | undefined {
    const value = this.raw(name)
    if (value === undefined || isWholeNumber(value, least)) return value
    this.refuse(name, `is a whole number of ${String(least)} or more, not ${shown(value)}`)
    return undefined
  }

  flag(name: string): boolean | undefined {
    const value = this.raw(name)
    if (value === undefined || typeof value === 'boolean') return value
    this.refuse(name, `is true or false, not ${shown(value)}`)
    return undefined
  }

  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.raw(name)
    const choice = choices.find((candidate) => candidate === value)
    if (value !== undefined && choice === undefined) {
      this.refuse(name, `is ${choices.join(' or ')}, not ${shown(value)}`)
    }
    return choice
  }

  list(name: string): readonly Json[] {
    const value = this.raw(name)
    if (value === undefined || Array.isArray(value)) return value ?? []
    this.refuse(name, `is a list, not ${shown(value)}`)
    return []
  }

  texts(name: string): readonly string[] {
    return this.list(name).flatMap((value, index) => {
      if (typeof value === 'string') return [value]
      this.problems.push({
        path: [...this.path, name, index],
        message: `is a text, not ${shown(value)}`,
      })
      return []
    })
  }

  object(name: string): JsonObject | undefined {
    const value = this.raw(name)
    if (value === undefined || isObject(value)) return value
    this.refuse(name, `is an object, not ${shown(value)}`)
    return undefined
  }

  /** The objects of a list, each with the members `names`. */
  each(name: string, names: readonly string[]): readonly Fields[] {
    return this.list(name).map(
      (value, index) => new Fields(value, [...this.path, name, index], this.problems, names),
    )
  }
}

function isWholeNumber(value: Json, least: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= least
}

function shown(value: Json | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value)
}

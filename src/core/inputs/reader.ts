import { parse as parseCsv } from 'csv-parse/sync'

import type { InputProblem } from '../errors/action-error.ts'
import { declaredInputs } from './declared.ts'

/** Inputs whose values are never shown, not even in a message about themselves. */
const hiddenInputs = new Set([
  'aws-access-key-id',
  'aws-secret-access-key',
  'aws-session-token',
  'github-token',
  'secrets',
  'secret-envs',
  'secret-files',
  // Long, and its problems say where they are.
  'append',
  'environment-variables',
  'container-secrets',
  'docker-labels',
  'command',
  'run-task-container-overrides',
  'log-configuration-options',
])

// The YAML 1.2 core schema, what @actions/core's getBooleanInput accepts.
const truths = new Set(['true', 'True', 'TRUE'])
const falsehoods = new Set(['false', 'False', 'FALSE'])

/**
 * Reads inputs by name and keeps a list of everything that is wrong with them, so that all of it
 * is told at once. A read that fails answers a harmless value; nobody uses it, because the problems
 * end the run first.
 */
export class InputReader {
  readonly #values: ReadonlyMap<string, string>
  readonly #problems: InputProblem[] = []

  /** @param values By input name, as given; names that were not given may be absent or empty. */
  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values
  }

  get problems(): readonly InputProblem[] {
    return this.#problems
  }

  /**
   * Adds a problem; the value is added unless it is not to be shown. What several reads of one input
   * find is one problem.
   */
  reject(input: string, message: string, value = this.text(input)): void {
    const shown = value !== undefined && !hiddenInputs.has(input)
    const found = { input, message, ...(shown && { value }) }
    const isKnown = this.#problems.some(
      (known) => known.input === input && known.message === message && known.value === found.value,
    )
    if (!isKnown) this.#problems.push(found)
  }

  /** The value without surrounding blanks. @returns undefined where nothing was given. */
  text(name: string): string | undefined {
    const text = (this.#values.get(name) ?? '').trim() || (declaredInputs[name]?.default ?? '')
    return text === '' ? undefined : text
  }

  /** A value that `parse` understands. @param allowed What to say where it does not. */
  parsed<T>(name: string, allowed: string, parse: (text: string) => T | undefined): T | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const value = parse(text)
    if (value === undefined) this.reject(name, allowed)
    return value
  }

  boolean(name: string): boolean {
    const text = this.text(name) ?? 'false'
    if (!truths.has(text) && !falsehoods.has(text)) {
      this.reject(name, 'is not a boolean; write true or false')
    }
    return truths.has(text)
  }

  /** @param range Both ends are allowed. */
  integer(name: string, range: { min: number; max: number }): number | undefined {
    return this.parsed(name, `is not a whole number from ${range.min} to ${range.max}`, (text) => {
      const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
      return value >= range.min && value <= range.max ? value : undefined
    })
  }

  choice<T extends string>(name: string, choices: readonly [T, ...T[]]): T {
    const found = this.parsed(name, `is none of ${choices.join(', ')}`, (text) =>
      choices.find((choice) => choice === text),
    )
    return found ?? choices[0]
  }

  /** One element per line; empty lines and `#` comment lines are left out. */
  lines(name: string): readonly string[] {
    const lines = (this.text(name) ?? '').split(/\r\n|\r|\n/).map((line) => line.trim())
    return lines.filter((line) => line !== '' && !line.startsWith('#'))
  }

  /** Lines, each of which may hold several comma-separated values, quoted where they hold commas. */
  list(name: string): readonly string[] {
    return this.lines(name).flatMap((line) => this.#commaSeparated(name, line))
  }

  #commaSeparated(name: string, line: string): readonly string[] {
    try {
      const rows: string[][] = parseCsv(line, { relaxQuotes: true, trim: true, columns: false })
      return rows.flat().filter((value) => value !== '')
    } catch {
      this.reject(name, 'is not a list: a quotation mark is open', line)
      return []
    }
  }

  /** Names that were given and are not declared, for {@link strangers}. */
  undeclared(): readonly string[] {
    return [...this.#values.keys()].filter((name) => !(name in declaredInputs))
  }

  /** Whether the user gave something else than the default. */
  given(name: string): boolean {
    const value = (this.#values.get(name) ?? '').trim()
    return value !== '' && value !== declaredInputs[name]?.default
  }
}

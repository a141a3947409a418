import { LineCounter, parseDocument } from 'yaml'

import type { Json } from '../json.ts'
import type { InputReader } from './reader.ts'

/**
 * What an input holds as JSON or YAML, as data only: no tags, no merge keys. What the text says is
 * never quoted, for it may hold secrets.
 * @returns undefined where nothing was given, or what was given is rejected.
 */
export function readStructured(reader: InputReader, input: string): Json | undefined {
  const text = reader.text(input)
  if (text === undefined) return undefined
  const lines = new LineCounter()
  const options = { lineCounter: lines, prettyErrors: false, merge: false }
  const document = parseDocument(text, options)
  const [broken] = [...document.errors, ...document.warnings]
  if (broken !== undefined) {
    const { line, col } = lines.linePos(broken.pos[0])
    reader.reject(input, `cannot be read as JSON or YAML at ${line}:${col}`)
    return undefined
  }
  try {
    const value: unknown = document.toJS()
    return value as Json
  } catch {
    // An alias bomb, or nesting deeper than the stack.
    reader.reject(input, 'cannot be read as JSON or YAML: it is nested or repeated too often')
    return undefined
  }
}

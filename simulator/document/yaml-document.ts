import { LineCounter, parseDocument, type Document } from 'yaml'

import { parseJson } from '../wire/json.ts'
import type { Json } from '../wire/service.ts'
import { DocumentError, placeOf, type Path } from './problem.ts'

/** A YAML (or JSON) file that a person wrote, which knows on which line everything stands. */
export class YamlDocument {
  /** What stands in it, as JSON; an empty file is null. */
  readonly value: Json
  readonly #document: Document
  readonly #lines: LineCounter

  private constructor(document: Document, lines: LineCounter) {
    this.#document = document
    this.#lines = lines
    this.value = parseJson(JSON.stringify(document.toJS() ?? null))
  }

  /** @throws a {@link DocumentError} with every mistake of the syntax. */
  static parse(text: string, name: string): YamlDocument {
    const lineCounter = new LineCounter()
    const document = parseDocument(text, { lineCounter, prettyErrors: false })
    if (document.errors.length === 0) return new YamlDocument(document, lineCounter)
    const problems = document.errors.map(({ pos, message }) => ({
      path: [lineCounter.linePos(pos[0]).line],
      message,
    }))
    throw new DocumentError(`${name} is not YAML`, problems, ([line]) => `line ${String(line)}:`)
  }

  /** `line 12: faults[0].nth`; of what is not there, the line of what it is missing in. */
  readonly placeOf = (path: Path): string => `line ${String(this.#line(path))}: ${placeOf(path)}`

  #line(path: Path): number {
    for (let length = path.length; length > 0; length -= 1) {
      const node: unknown = this.#document.getIn(path.slice(0, length), true)
      if (hasRange(node)) return this.#lines.linePos(node.range[0]).line
    }
    return 1
  }
}

function hasRange(node: unknown): node is { readonly range: readonly [number, number, number] } {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)
}

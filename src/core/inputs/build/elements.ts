import { parse as parseCsv } from 'csv-parse/sync'
import type { InputReader } from '../reader.ts'

/** Never in an input: the runner passes inputs as variables, which end at it. */
const noDelimiter = '\0'

/**
 * One element per line, commas and all; a line that begins with `#` is a comment. An element in
 * quotation marks may hold line breaks, and `""` for one of them: the grammar of
 * docker/build-push-action for lists that are not split at commas.
 * @param blanks Whether blanks at the end of a line belong to its element.
 */
export function readElements(
  reader: InputReader,
  name: string,
  blanks: 'trimmed' | 'kept' = 'trimmed',
): readonly string[] {
  try {
    const rows: string[][] = parseCsv(reader.text(name) ?? '', {
      delimiter: noDelimiter,
      recordDelimiter: ['\r\n', '\n', '\r'],
      relaxQuotes: true,
      ltrim: true,
      rtrim: blanks === 'trimmed',
      comment: '#',
      comment_no_infix: true,
      columns: false,
    })
    return rows.flat().filter((element) => element !== '')
  } catch {
    reader.reject(name, 'is not a list: a quotation mark is open')
    return []
  }
}

/** `KEY=value` at its first `=`. @returns undefined where there is no key. */
export function splitPair(element: string): readonly [string, string] | undefined {
  const [key = '', ...rest] = element.split('=')
  return key.trim() === '' ? undefined : [key.trim(), rest.join('=')]
}

export type Attributes = readonly (readonly [string, string])[]

/**
 * The `key=value` fields of a value that buildx reads as CSV; keys in small letters, as it takes
 * them. @returns undefined where it is no line of CSV.
 */
export function attributesOf(value: string): Attributes | undefined {
  const [fields, ...more] = parseLines(value)
  if (fields === undefined || more.length > 0) return undefined
  return fields.map((field) => {
    const [key, text] = splitPair(field) ?? ['', field]
    return [key.toLowerCase(), text]
  })
}

function parseLines(text: string): readonly (readonly string[])[] {
  try {
    return parseCsv(text, { relaxQuotes: true, trim: true })
  } catch {
    return []
  }
}

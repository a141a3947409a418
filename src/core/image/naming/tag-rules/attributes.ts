import { parse as parseCsv } from 'csv-parse/sync'
import { TagRuleError } from './tag-rule-error.ts'

/** A `key=value` pair of a line; a field without `=` has the key `value`. */
export interface Attribute {
  readonly key: string
  readonly value: string
}

/**
 * Reads `type=raw,"value=a,b",enable=true`, in the order written: CSV fields, split at their first
 * `=`, keys in lower case (docker/metadata-action).
 */
export function parseAttributes(line: string): readonly Attribute[] {
  return fieldsOf(line).map((field) => {
    const equals = field.indexOf('=')
    if (equals < 0) return { key: 'value', value: field }
    return {
      key: field.slice(0, equals).trim().toLowerCase(),
      value: field.slice(equals + 1).trim(),
    }
  })
}

function fieldsOf(line: string): readonly string[] {
  try {
    const rows: string[][] = parseCsv(line, { relaxQuotes: true, trim: true, columns: false })
    return rows.flat().filter((field) => field !== '')
  } catch {
    throw new TagRuleError('is not a list of key=value: a quotation mark is open')
  }
}

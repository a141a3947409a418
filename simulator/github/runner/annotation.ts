import type { WorkflowCommand } from './command.ts'

/** What GitHub shows beside a run, or at a line of a file. */
export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice'
  /** As the page shows it: secrets are masked. */
  readonly message: string
  readonly title?: string
  readonly file?: string
  readonly line?: number
  readonly endLine?: number
  readonly column?: number
  readonly endColumn?: number
}

/**
 * Reads an annotation from its command. As in the runner, an end without a start becomes the start,
 * columns need a line and end on it, and a range that runs backwards is dropped.
 */
export function readAnnotation(
  level: Annotation['level'],
  command: WorkflowCommand,
  mask: (text: string) => string,
): Annotation {
  const integer = (name: string): number | undefined => {
    const value = command.properties.get(name)
    return value !== undefined && /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : undefined
  }
  const endLine = integer('endline')
  const endColumn = integer('endcolumn')
  const lines = ordered(integer('line') ?? endLine, endLine)
  const columns = ordered(integer('col') ?? endColumn, endColumn)
  const onOneLine = lines.start !== undefined && (lines.end ?? lines.start) === lines.start
  const [title, file] = [command.properties.get('title'), command.properties.get('file')]
  return {
    level,
    message: mask(command.data),
    ...(title !== undefined && { title: mask(title) }),
    ...(file !== undefined && { file: mask(file) }),
    ...(lines.start !== undefined && { line: lines.start }),
    ...(lines.end !== undefined && { endLine: lines.end }),
    ...(onOneLine && columns.start !== undefined && { column: columns.start }),
    ...(onOneLine && columns.end !== undefined && { endColumn: columns.end }),
  }
}

interface Range {
  readonly start?: number | undefined
  readonly end?: number | undefined
}

const ordered = (start?: number, end?: number): Range =>
  start !== undefined && end !== undefined && end < start ? {} : { start, end }

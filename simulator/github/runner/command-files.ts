import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The runner's own names of the files, by the variable that tells an action where each is. */
const prefixes = {
  GITHUB_ENV: 'set_env_',
  GITHUB_OUTPUT: 'set_output_',
  GITHUB_PATH: 'add_path_',
  GITHUB_STATE: 'save_state_',
  GITHUB_STEP_SUMMARY: 'step_summary_',
} as const

/** A variable that names a file by which an action speaks to its runner. */
export type CommandFileVariable = keyof typeof prefixes

/** The files of one step: where they are, for its environment. */
export type CommandFiles = Readonly<Record<CommandFileVariable, string>>

/** Makes the empty files of a step below the job's RUNNER_TEMP. */
export async function createCommandFiles(temporary: string): Promise<CommandFiles> {
  const folder = join(temporary, '_runner_file_commands')
  const suffix = randomUUID()
  const path = (variable: CommandFileVariable): string => join(folder, prefixes[variable] + suffix)
  const files: CommandFiles = {
    GITHUB_ENV: path('GITHUB_ENV'),
    GITHUB_OUTPUT: path('GITHUB_OUTPUT'),
    GITHUB_PATH: path('GITHUB_PATH'),
    GITHUB_STATE: path('GITHUB_STATE'),
    GITHUB_STEP_SUMMARY: path('GITHUB_STEP_SUMMARY'),
  }
  await mkdir(folder, { recursive: true })
  for (const file of Object.values(files)) await writeFile(file, '')
  return files
}

/** What a step left in one of its files, and the file is gone; empty if the step removed it. */
export async function takeCommandFile(
  files: CommandFiles,
  variable: CommandFileVariable,
): Promise<string> {
  const path = files[variable]
  const text = await readFile(path, 'utf8').catch(() => '')
  await rm(path, { force: true, recursive: true })
  return text.replace(/^\uFEFF/, '')
}

/**
 * Parses the grammar of GITHUB_OUTPUT, GITHUB_ENV and GITHUB_STATE, line by line: `name=value`, or
 * `name<<delimiter`, the value's lines, and the delimiter alone on a line. Whichever sign comes
 * first decides. Throws with the runner's own words; the pairs before the fault have been given to
 * `accept` by then, as the runner has applied them.
 */
export function parseKeyValues(text: string, accept: (name: string, value: string) => void): void {
  const lines = text.split('\n')
  // What follows the last line's end is no line.
  if (lines.at(-1) === '') lines.pop()
  const endsInMidLine = text !== '' && !text.endsWith('\n')
  for (let next = 0; next < lines.length; next++) {
    const line = lines[next] ?? ''
    if (line === '') continue
    const equals = line.indexOf('=')
    const heredoc = line.indexOf('<<')
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      accept(line.slice(0, equals), line.slice(equals + 1))
    } else if (heredoc >= 0) {
      const delimiter = heredocDelimiter(line, heredoc)
      const end = lines.indexOf(delimiter, next + 1)
      if (end < 0) throw unterminated(delimiter, endsInMidLine && next + 1 < lines.length)
      accept(line.slice(0, heredoc), lines.slice(next + 1, end).join('\n'))
      next = end
    } else {
      throw new Error(`Invalid format '${line}'`)
    }
  }
}

function heredocDelimiter(line: string, at: number): string {
  const delimiter = line.slice(at + 2)
  if (at > 0 && delimiter !== '') return delimiter
  throw new Error(
    `Invalid format '${line}'. Name must not be empty and delimiter must not be empty`,
  )
}

const unterminated = (delimiter: string, inMidLine: boolean): Error =>
  new Error(
    inMidLine
      ? 'Invalid value. EOF marker missing new line.'
      : `Invalid value. Matching delimiter not found '${delimiter}'`,
  )

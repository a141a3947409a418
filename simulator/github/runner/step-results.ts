import { parseKeyValues, takeCommandFile } from './command-files.ts'
import type { CommandFiles, CommandFileVariable } from './command-files.ts'
import type { Masks } from './masks.ts'
import type { StepLog } from './step-log.ts'

const longestSummary = 1024 * 1024

/** What the steps of a job leave to those after them. */
export interface JobVariables {
  /** From GITHUB_ENV. */
  readonly environment: Map<string, string>
  /** From GITHUB_PATH: the last one is searched first. */
  readonly paths: string[]
}

/** Where the files of one step are read into. */
export interface StepResults {
  readonly outputs: Map<string, string>
  readonly state: Map<string, string>
  readonly job: JobVariables
}

/** Reads the files that a step's process wrote. A file in bad form fails the step. */
export async function readStepFiles(
  files: CommandFiles,
  results: StepResults,
  log: StepLog,
): Promise<void> {
  const read = async (
    variable: CommandFileVariable,
    contextName: string,
    accept: (name: string, value: string) => void,
  ): Promise<void> => {
    const text = await takeCommandFile(files, variable)
    try {
      parseKeyValues(text, accept)
    } catch (error) {
      log.fail(`Unable to process file command '${contextName}' successfully.`)
      log.fail(error instanceof Error ? error.message : String(error))
    }
  }
  await read('GITHUB_ENV', 'env', (name, value) => {
    if (name.toUpperCase() !== 'NODE_OPTIONS') results.job.environment.set(name, value)
    else
      log.report('error', `Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.`)
  })
  await read('GITHUB_OUTPUT', 'output', (name, value) => results.outputs.set(name, value))
  await read('GITHUB_STATE', 'state', (name, value) => results.state.set(name, value))
  const added = (await takeCommandFile(files, 'GITHUB_PATH')).split(/\r\n|\r|\n/)
  for (const path of added.filter((line) => line !== '')) prepend(results.job.paths, path)
}

function prepend(paths: string[], path: string): void {
  const known = paths.indexOf(path)
  if (known >= 0) paths.splice(known, 1)
  paths.push(path)
}

/** The summary that a step wrote, secrets masked; none, with an error, when it is over 1 MiB. */
export async function readSummary(
  files: CommandFiles,
  masks: Masks,
  log: StepLog,
): Promise<string> {
  const text = await takeCommandFile(files, 'GITHUB_STEP_SUMMARY')
  const bytes = Buffer.byteLength(text)
  if (bytes <= longestSummary)
    return text
      .split('\n')
      .map((line) => masks.apply(line))
      .join('\n')
  const size = String(Math.floor(bytes / 1024))
  log.report(
    'error',
    `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got ${size}k.`,
  )
  return ''
}

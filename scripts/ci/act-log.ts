/** What one job of a workflow did, as act's log tells. */
export interface JobRun {
  readonly succeeded: boolean
  /** Outputs of the job's steps; no two steps of one job here write the same name. */
  readonly outputs: Readonly<Record<string, string>>
  /** The steps' own words, and act's on failures. */
  readonly lines: readonly string[]
  /** Steps that succeeded, each as `Main docker/setup-qemu-action@…` or `Post …`. */
  readonly succeededSteps: readonly string[]
}

/** A line of `act --json`; members that are not there are empty. */
type Entry = Readonly<Record<string, unknown>>

const text = (entry: Entry, member: string): string => {
  const value = entry[member]
  return typeof value === 'string' ? value : ''
}

/** Reads the log that `act --json` writes. @returns the jobs by their ids, in order of appearance. */
export function readActLog(log: string): ReadonlyMap<string, JobRun> {
  const byJob = new Map<string, Entry[]>()
  for (const entry of log.split('\n').flatMap(parseLine)) {
    const id = text(entry, 'jobID')
    if (id !== '') byJob.set(id, [...(byJob.get(id) ?? []), entry])
  }
  return new Map([...byJob].map(([id, entries]) => [id, toJobRun(entries)]))
}

/** Lines that are no JSON object are act's own, before any job. */
function parseLine(line: string): readonly Entry[] {
  if (!line.startsWith('{')) return []
  const value: unknown = JSON.parse(line)
  return typeof value === 'object' && value !== null
    ? [Object.fromEntries(Object.entries(value))]
    : []
}

function toJobRun(entries: readonly Entry[]): JobRun {
  const outputs = entries.filter((entry) => text(entry, 'command') === 'set-output')
  const spoken = entries.filter(
    (entry) => entry['raw_output'] === true || text(entry, 'level') === 'error',
  )
  const succeeded = entries.filter((entry) => text(entry, 'stepResult') === 'success')
  return {
    succeeded: entries.some((entry) => text(entry, 'jobResult') === 'success'),
    outputs: Object.fromEntries(outputs.map((entry) => [text(entry, 'name'), text(entry, 'arg')])),
    lines: spoken.map((entry) => text(entry, 'msg').trimEnd()),
    succeededSteps: succeeded.map((entry) =>
      `${text(entry, 'stage')} ${text(entry, 'step')}`.trim(),
    ),
  }
}

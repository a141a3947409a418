/** A Dockerfile step (or another vertex of the build) that failed. */
export interface FailedStep {
  /** As buildx prints it: `[linux/arm64 builder 3/4] RUN npm ci`. */
  readonly name: string
  /** Whether its name is a line of the Dockerfile: that is not so of what BuildKit does by itself. */
  readonly isStep: boolean
  /** What BuildKit says of it. */
  readonly reason: string
  /** How a command of it ended; undefined where something else failed. */
  readonly end: string | undefined
  /** Its own last lines, oldest first. Untrusted. */
  readonly output: readonly string[]
}

const shownLines = 20

/**
 * The step that ended a build, from the lines of `--progress=plain`: `#7 [stage 2/3] RUN …` names
 * it, `#7 0.31 text` is its output, `#7 ERROR: …` its end. Steps that were cancelled because
 * another one failed are passed over, and so is a cache that could not be used, unless
 * that is what the build ended with. Of several that failed it is the one that ended it.
 */
export function failedStep(lines: readonly string[]): FailedStep | undefined {
  const failed = failedVertices(lines)
  const last = finalError(lines) ?? ''
  return (
    failed.find(({ reason }) => reason !== '' && last.includes(reason)) ??
    failed.find(({ name }) => !isCache(name))
  )
}

/**
 * How a command of the Dockerfile ended, in BuildKit's words behind the command itself: `exit code: 1`
 * of `process "…" did not complete successfully: exit code: 1`; old releases say
 * `executor failed running […]: exit code: 1`.
 * @returns undefined where something else failed.
 */
export function endOfCommand(reason: string): string | undefined {
  const [, behind, bare] =
    /(?:process ".*" did not complete successfully|executor failed running \[.*\]): (.*)$|^(exit code: \d+)$/.exec(
      reason,
    ) ?? []
  return behind ?? bare
}

/** Whether a line repeats what the Dockerfile says, or what a command of it printed. */
export function isOfDockerfile(line: string): boolean {
  const [, vertex] = /^(?:#\d+| >) (.*)$/.exec(line) ?? []
  if (vertex !== undefined && isStep(vertex)) return true
  return /^(?:(?:#\d+ )?\d+\.\d+ | *\d+ \| )/.test(line)
}

/** `[linux/arm64 builder 3/4] RUN npm ci` is one, `[internal] load build definition` none. */
function isStep(name: string): boolean {
  return /^\[(?:[^\]]+ )?\d+\/\d+\] /.test(name)
}

function failedVertices(lines: readonly string[]): readonly FailedStep[] {
  return lines.flatMap((line) => {
    const [, id, reason] = /^#(\d+) ERROR: (.*)$/.exec(line) ?? []
    if (id === undefined || reason === undefined || isConsequence(reason)) return []
    const own = lines.flatMap((other) => {
      const [, owner, text] = /^#(\d+) (.*)$/.exec(other) ?? []
      return owner === id && text !== undefined ? [text] : []
    })
    const name = own.find((text) => !isState(text)) ?? excerptOf(lines).name
    const output = own.flatMap((text) => /^\d+\.\d+ (.*)$/.exec(text)?.[1] ?? [])
    const shown = output.length > 0 ? output : excerptOf(lines).output
    return [
      {
        ...{ name, isStep: isStep(name) },
        ...{ reason, end: endOfCommand(reason) },
        output: shown.slice(-shownLines),
      },
    ]
  })
}

/** BuildKit goes on without a cache that it cannot read, and without one that ignores its errors. */
export function isCache(name: string): boolean {
  return /^(importing cache manifest from|exporting cache)\b/.test(name)
}

/** The error that buildx ends with, without its `ERROR: failed to solve:`. */
export function finalError(lines: readonly string[]): string | undefined {
  const errors = lines.flatMap((line) => /^(?:ERROR|error): (.*)$/.exec(line)?.[1] ?? [])
  return errors.at(-1)?.replace(/^(failed to (build|solve): )+/, '')
}

function isConsequence(reason: string): boolean {
  return /^(context canceled|rpc error: code = Canceled)/.test(reason)
}

/** Lines of a step that are not its name. */
function isState(text: string): boolean {
  return /^(\d+\.\d+ |(ERROR|DONE|CACHED|CANCELED|WARN)\b|\.\.\.$|sha256:|extracting )/.test(text)
}

/** The summary that buildx prints at the end, for steps whose beginning is out of sight. */
function excerptOf(lines: readonly string[]): Pick<FailedStep, 'name' | 'output'> {
  const start = lines.findIndex((line) => line.startsWith(' > ') && !isCache(line.slice(3)))
  if (start < 0) return { name: 'the build', output: [] }
  const rest = lines.slice(start + 1)
  const end = rest.findIndex((line) => line.startsWith('------'))
  const output = rest.slice(0, end < 0 ? rest.length : end)
  return {
    name: (lines[start] ?? '').slice(3).replace(/:$/, ''),
    output: output.map((line) => line.replace(/^\d+\.\d+ /, '')),
  }
}

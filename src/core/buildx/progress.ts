/** A line of `--progress=plain` that belongs to a vertex of the build, `#7 CACHED`. */
export interface VertexLine {
  readonly vertex: string
  readonly text: string
}

export function parseVertexLine(line: string): VertexLine | undefined {
  const [, vertex, text] = /^#(\d+) (.*)$/.exec(line) ?? []
  return vertex === undefined || text === undefined ? undefined : { vertex, text }
}

/** Whether a line names a vertex or tells what became of it; not what its commands wrote. */
export function tellsOfVertex(line: string): boolean {
  return /^#\d+ (\[|CACHED|DONE|ERROR|extracting sha256:|exporting cache)/.test(line)
}

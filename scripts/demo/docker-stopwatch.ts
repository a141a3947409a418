import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * A `docker` that is put in front of the real one on the PATH, hands everything on, and notes how
 * long `docker buildx build` took: what a build costs without the action around it.
 */
export class DockerStopwatch {
  /** To be the first folder of a PATH. */
  readonly directory: string
  readonly #notes: string

  constructor(directory: string) {
    this.directory = directory
    this.#notes = join(directory, 'builds')
    const path = join(directory, 'docker')
    writeFileSync(path, script(realDocker(), this.#notes))
    chmodSync(path, 0o755)
  }

  /** Seconds of the builds since the last call. */
  takeBuildSeconds(): number {
    if (!existsSync(this.#notes)) return 0
    const lines = readFileSync(this.#notes, 'utf8').trim().split('\n')
    writeFileSync(this.#notes, '')
    const milliseconds = lines
      .filter((line) => line !== '')
      .map((line) => {
        const [start, end] = line.split(' ').map(Number)
        return (end ?? 0) - (start ?? 0)
      })
    return milliseconds.reduce((sum, each) => sum + each, 0) / 1000
  }
}

function realDocker(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const found = folders.map((folder) => join(folder, 'docker')).find((path) => existsSync(path))
  if (found === undefined) throw new Error('there is no docker on the PATH')
  return found
}

function script(docker: string, notes: string): string {
  return `#!/bin/sh
if [ "$1 $2" != 'buildx build' ]; then exec '${docker}' "$@"; fi
start=$(date +%s%3N)
'${docker}' "$@" &
child=$!
trap 'kill -TERM "$child"' TERM INT
wait "$child"
code=$?
echo "$start $(date +%s%3N)" >>'${notes}'
exit "$code"
`
}

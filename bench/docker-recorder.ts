import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * A `docker` to be put in front of the real one on the PATH: it hands everything on, and notes the
 * arguments of the last `docker buildx build` that writes its metadata, as a measure does not.
 */
export class DockerRecorder {
  /** To be the first folder of a PATH. */
  readonly directory: string
  readonly #notes: string

  /** @param directory Made, below one that exists. */
  constructor(directory: string) {
    this.directory = directory
    this.#notes = join(directory, 'arguments')
    mkdirSync(directory)
    const path = join(directory, 'docker')
    writeFileSync(path, script(realDocker(), this.#notes))
    chmodSync(path, 0o755)
  }

  /** The arguments of `docker` in the last build. */
  lastBuild(): readonly string[] {
    return readFileSync(this.#notes, 'utf8').split('\0').slice(0, -1)
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
case "$*" in 'buildx build '*' --metadata-file='*) printf '%s\\0' "$@" >'${notes}' ;; esac
exec '${docker}' "$@"
`
}

import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.com']

function git(directory: string, ...argv: readonly string[]): string {
  const all = ['-C', directory, ...identity, ...argv]
  return execFileSync('git', all, { encoding: 'utf8' }).trim()
}

/** A git repository with a Dockerfile and one commit. @returns the commit. */
export function makeRepository(directory: string): string {
  git(directory, 'init', '--quiet')
  return commitDockerfile(directory, 'FROM scratch\nCOPY Dockerfile /\n', 'first')
}

/** One commit more, whose image is another. @returns the commit. */
export function commitChange(directory: string): string {
  return commitDockerfile(directory, 'FROM scratch\nCOPY Dockerfile /changed\n', 'second')
}

function commitDockerfile(directory: string, text: string, message: string): string {
  writeFileSync(join(directory, 'Dockerfile'), text)
  git(directory, 'add', '.')
  git(directory, 'commit', '--quiet', '--message', message)
  return git(directory, 'rev-parse', 'HEAD')
}

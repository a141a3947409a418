import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A git repository with a Dockerfile and one commit. @returns the commit. */
export function makeRepository(directory: string): string {
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.com']
  const git = (...argv: string[]) =>
    execFileSync('git', ['-C', directory, ...identity, ...argv], { encoding: 'utf8' }).trim()
  git('init', '--quiet')
  writeFileSync(join(directory, 'Dockerfile'), 'FROM scratch\nCOPY Dockerfile /\n')
  git('add', '.')
  git('commit', '--quiet', '--message', 'first')
  return git('rev-parse', 'HEAD')
}

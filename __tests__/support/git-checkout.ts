import { execFileSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** A folder in which the real git works. */
export class GitCheckout {
  readonly directory: string

  constructor(directory: string) {
    this.directory = directory
  }

  async write(name: string, text: string): Promise<void> {
    const path = join(this.directory, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
  }

  git(...argv: readonly string[]): string {
    return this.gitWithInput('', ...argv)
  }

  gitWithInput(input: string, ...argv: readonly string[]): string {
    const settings = ['user.name=t', 'user.email=t@example.com', 'protocol.file.allow=always']
    const env = { ...process.env, GIT_COMMITTER_DATE: '2026-11-22T10:00:00+02:00' }
    const options = { cwd: this.directory, env, input, encoding: 'utf8', stdio: 'pipe' } as const
    const arguments_ = [...settings.flatMap((setting) => ['-c', setting]), ...argv]
    return execFileSync('git', arguments_, options).trim()
  }

  /** @returns the new commit. */
  commitAll(): string {
    this.git('add', '--all')
    this.git('commit', '--quiet', '--message', 'c')
    return this.git('rev-parse', 'HEAD')
  }
}

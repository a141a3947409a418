import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const examples = join(import.meta.dirname, '..', '..', 'examples')

/** The application's git repository, as a checkout step leaves it on a runner. */
export class Workspace {
  readonly directory: string

  /**
   * @param directory Empty; receives the sample application and its first commit.
   * @param sample Its folder among the examples.
   */
  constructor(directory: string, sample = 'hello') {
    this.directory = directory
    cpSync(join(examples, sample), directory, { recursive: true })
    // The tasks run on this machine's own CPU; the image is built for both all the same.
    if (process.arch === 'arm64') this.#edit('task-definition.json', 'X86_64', 'ARM64')
    this.#git('init', '--quiet', '--initial-branch=main')
    this.#git('remote', 'add', 'origin', 'https://github.com/octo-org/hello')
    this.#commit('Say hello')
  }

  /** Commits files that are put below `folder`. @returns the commit. */
  add(folder: string, files: Readonly<Record<string, string>>): string {
    mkdirSync(join(this.directory, folder), { recursive: true })
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(this.directory, folder, name), text)
    }
    return this.#commit(`Add ${Object.keys(files).join(', ')}`)
  }

  /** Tags the commit that is checked out. */
  tag(name: string): void {
    this.#git('tag', name)
  }

  /** Commits another version. @returns the commit. */
  release(version: string): string {
    writeFileSync(join(this.directory, 'VERSION'), `${version}\n`)
    return this.#commit(`Release ${version}`)
  }

  /** Commits a mistake in the configuration: the image builds, the container ends at once. */
  breakConfiguration(): string {
    this.#edit('hello.conf', 'port=8080', 'port=eighty')
    return this.#commit('Make the port configurable')
  }

  /** The commit that is checked out. */
  get commit(): string {
    return this.#git('rev-parse', 'HEAD')
  }

  #edit(file: string, from: string, to: string): void {
    const path = join(this.directory, file)
    const text = readFileSync(path, 'utf8')
    if (!text.includes(from)) throw new Error(`${file} holds no ${JSON.stringify(from)}`)
    writeFileSync(path, text.replaceAll(from, to))
  }

  #commit(message: string): string {
    this.#git('add', '--all')
    this.#git('commit', '--quiet', '--message', message)
    return this.commit
  }

  #git(...argv: readonly string[]): string {
    const identity = ['-c', 'user.name=octocat', '-c', 'user.email=octocat@example.com']
    return execFileSync('git', ['-C', this.directory, ...identity, ...argv], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: this.directory, GIT_CONFIG_NOSYSTEM: '1' },
    }).trim()
  }
}

import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

import { docker } from './docker-objects.ts'

/** What a user has logged in to, and with what. */
export interface PriorLogin {
  readonly host: string
  readonly username: string
  readonly password: string
}

/** The name of the context that is current, and that of the builder that is there. */
export const theirContext = 'theirs'
export const theirBuilder = 'theirs-too'

/**
 * The Docker configuration of somebody who has used this machine before: a login that a credential
 * helper keeps, and one in the file; buildx as a plugin of their own; a context that is current, and
 * a builder. The helper and the plugin write down what they are asked.
 */
export class UserConfiguration {
  readonly directory: string
  /** Where the helper is. */
  readonly programs: string
  readonly #asked: string

  private constructor(parent: string) {
    this.directory = join(parent, 'docker')
    this.programs = join(parent, 'bin')
    this.#asked = join(parent, 'asked')
  }

  /** @param buildx The program that their plugin runs. */
  static async create(
    parent: string,
    login: PriorLogin,
    buildx: string,
  ): Promise<UserConfiguration> {
    const user = new UserConfiguration(parent)
    const plugins = join(user.directory, 'cli-plugins')
    mkdirSync(plugins, { recursive: true })
    mkdirSync(user.programs)
    user.#install(plugins, 'docker-buildx', `exec ${buildx} "$@"`)
    const { host, username, password } = login
    const answer = JSON.stringify({ ServerURL: host, Username: username, Secret: password })
    user.#install(user.programs, 'docker-credential-prior', `cat >/dev/null; echo '${answer}'`)
    const settings = {
      auths: { 'registry.example.com': { auth: Buffer.from('prior:login').toString('base64') } },
      credHelpers: { [host]: 'prior' },
    }
    writeFileSync(join(user.directory, 'config.json'), JSON.stringify(settings))
    const engine = `host=${process.env['DOCKER_HOST'] ?? ''}`
    await user.docker('context', 'create', theirContext, `--docker=${engine}`)
    await user.docker('context', 'use', theirContext)
    const endpoint = process.env['WORLD_BUILDKIT'] ?? ''
    const builder = ['--driver=remote', `--name=${theirBuilder}`, endpoint]
    await user.docker('buildx', 'create', ...builder)
    user.forget()
    return user
  }

  /** Variables of a job of theirs. The context leads to the engine, and nothing else does. */
  get environment(): Readonly<Record<string, string>> {
    const path = `${this.programs}:${process.env['PATH'] ?? ''}`
    return { DOCKER_CONFIG: this.directory, DOCKER_HOST: '', PATH: path }
  }

  /** Runs docker as they would. @returns its stdout. */
  async docker(...argv: readonly string[]): Promise<string> {
    return await docker(argv, this.environment)
  }

  /** What the helper and the plugin were asked since {@link forget}, a line each. */
  asked(): readonly string[] {
    return readFileSync(this.#asked, 'utf8').split('\n')
  }

  forget(): void {
    rmSync(this.#asked, { force: true })
    writeFileSync(this.#asked, '')
  }

  /** All that is theirs, with a digest of each file. What buildx notes of its own use is not. */
  contents(): string {
    const entries = readdirSync(this.directory, { recursive: true, withFileTypes: true })
    const files = entries.flatMap((entry) => {
      const path = join(entry.parentPath, entry.name)
      const name = relative(this.directory, path)
      if (!entry.isFile() || /^buildx\/(?!instances\/)/.test(name)) return []
      return [`${createHash('sha256').update(readFileSync(path)).digest('hex')} ${name}`]
    })
    return files.toSorted().join('\n')
  }

  #install(folder: string, name: string, command: string): void {
    const path = join(folder, name)
    writeFileSync(path, `#!/bin/sh\necho "${name} $*" >>'${this.#asked}'\n${command}\n`)
    chmodSync(path, 0o755)
  }
}

import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { ActionError } from '../../core/errors/action-error.ts'
import { basicCredential } from '../../core/image/repository/basic-credential.ts'
import { objectAt, parseJsonObject, type JsonObject } from '../../core/json.ts'
import type {
  DockerConfiguration,
  DockerCredentials,
  RegistryLogin,
} from '../../ports/docker-credentials.ts'
import type { PostState } from '../../ports/post-state.ts'
import { ifThere } from '../files/if-there.ts'
import { errorCode } from '../system/error-code.ts'

/** How the folders that we make are called; the post step removes no other. */
export const configurationPrefix = 'steadyship-docker-'

/** Read by docker and its plugins beside config.json; ours point at the user's. */
const linked = ['cli-plugins', 'contexts', 'ca.pem', 'cert.pem', 'key.pem'] as const

/**
 * Makes private copies of the user's Docker configuration.
 * @param job The variables of the job: DOCKER_CONFIG, DOCKER_AUTH_CONFIG, BUILDX_CONFIG, HOME.
 */
export function createDockerCredentials(
  job: Readonly<Record<string, string | undefined>>,
  temporaryDirectory: string,
  postState: Pick<PostState, 'saveDockerConfiguration'>,
): DockerCredentials {
  return {
    async open() {
      const home = nonEmpty(job['HOME']) ?? homedir()
      const original = nonEmpty(job['DOCKER_CONFIG']) ?? join(home, '.docker')
      const file = await readSettings(join(original, 'config.json'))
      const settings = withGivenLogins(file, job['DOCKER_AUTH_CONFIG'] ?? '')
      const suffix = randomBytes(8).toString('hex')
      const directory = join(temporaryDirectory, `${configurationPrefix}${suffix}`)
      postState.saveDockerConfiguration(directory)
      await mkdir(directory, { mode: 0o700 })
      const configuration = new PrivateConfiguration(directory, settings, {
        DOCKER_CONFIG: directory,
        // Docker 28.3 would ask it before the configuration, and get a login that is not ours.
        DOCKER_AUTH_CONFIG: '',
        // Builders are kept by buildx beside the configuration; ours must find and leave them there.
        BUILDX_CONFIG: nonEmpty(job['BUILDX_CONFIG']) ?? join(original, 'buildx'),
      })
      try {
        await linkExisting(original, directory)
        await configuration.login([])
        return configuration
      } catch (error) {
        await configuration.dispose()
        throw error
      }
    },
  }
}

class PrivateConfiguration implements DockerConfiguration {
  readonly environment: Readonly<Record<string, string>>
  readonly #directory: string
  #settings: JsonObject

  constructor(directory: string, settings: JsonObject, environment: Record<string, string>) {
    this.#directory = directory
    this.#settings = settings
    this.environment = environment
  }

  async login(logins: readonly RegistryLogin[]): Promise<void> {
    this.#settings = logins.reduce(withLogin, this.#settings)
    const file = join(this.#directory, 'config.json')
    const fresh = `${file}.new`
    await writeFile(fresh, JSON.stringify(this.#settings, null, 2), { mode: 0o600, flag: 'wx' })
    await rename(fresh, file)
  }

  async writeSecret(text: string): Promise<string> {
    const file = join(this.#directory, `secret-${randomBytes(8).toString('hex')}`)
    await writeFile(file, text, { mode: 0o600, flag: 'wx' })
    return file
  }

  async dispose(): Promise<void> {
    this.#settings = {}
    await rm(this.#directory, { recursive: true, force: true })
  }
}

/**
 * Adds one login in the file store. The empty `credHelpers` entry keeps docker from asking the
 * user's `credsStore` for this host (docker/cli: config file, GetCredentialsStore).
 */
function withLogin(settings: JsonObject, login: RegistryLogin): JsonObject {
  const auth = basicCredential(login)
  return {
    ...settings,
    auths: { ...objectAt(settings, 'auths'), [login.host]: { auth } },
    credHelpers: { ...objectAt(settings, 'credHelpers'), [login.host]: '' },
  }
}

/** Logins of DOCKER_AUTH_CONFIG go before those of the file, as docker has it since 28.3. */
function withGivenLogins(settings: JsonObject, given: string): JsonObject {
  if (given.trim() === '') return settings
  const auths = objectAt(parseSettings(given, 'DOCKER_AUTH_CONFIG'), 'auths')
  const helpers = Object.fromEntries(Object.keys(auths).map((host) => [host, '']))
  return {
    ...settings,
    auths: { ...objectAt(settings, 'auths'), ...auths },
    credHelpers: { ...objectAt(settings, 'credHelpers'), ...helpers },
  }
}

async function readSettings(file: string): Promise<JsonObject> {
  const text = await ask(file, readFile(file, 'utf8'))
  return text === undefined || text.trim() === '' ? {} : parseSettings(text, file)
}

/** @param place Named where the text is none; JSON.parse's own words may quote a credential. */
function parseSettings(text: string, place: string): JsonObject {
  const value = parseJsonObject(text)
  if (value !== undefined) return value
  throw new ActionError(
    'registry-login-failed',
    `"${place}" is not a JSON object`,
    'Correct or remove it: docker itself cannot use it either.',
  )
}

/** @returns undefined where there is nothing at that path of the user's. */
async function ask<T>(path: string, answer: Promise<T>): Promise<T | undefined> {
  return await ifThere(answer).catch((error: unknown) => {
    throw new ActionError(
      'registry-login-failed',
      `"${path}" cannot be read: ${errorCode(error) ?? String(error)}`,
      'Let the user that this job runs as read it, or point DOCKER_CONFIG at another folder.',
      { cause: error },
    )
  })
}

async function linkExisting(from: string, to: string): Promise<void> {
  for (const name of linked) {
    const target = join(from, name)
    const found = await ask(target, stat(target))
    if (found !== undefined) await symlink(target, join(to, name))
  }
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text
}

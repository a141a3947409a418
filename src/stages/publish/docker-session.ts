import { isPublic, type EcrHost } from '../../core/image/repository/repository.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { DockerConfiguration } from '../../ports/docker-credentials.ts'
import type { RegistryToken } from '../../ports/ecr.ts'
import type { Ports } from '../../ports/ports.ts'
import { askToken, logIn } from './log-in.ts'

/**
 * What the stages of one run share of docker: a configuration of our own, opened by the first stage
 * that needs it, and the logins in it. One password is good for all registries of a region that its
 * owner may use (ECR API, GetAuthorizationToken), so that each region is asked once.
 */
export class DockerSession {
  readonly #session: Pick<AwsSession, 'ecr'> | undefined
  readonly #ports: Ports
  #configuration: DockerConfiguration | undefined
  /** By region; ECR Public has its own. */
  readonly #tokens = new Map<string, RegistryToken>()
  readonly #loggedIn = new Map<string, EcrHost>()

  /** @param session Undefined: nothing is logged in to. */
  constructor(session: Pick<AwsSession, 'ecr'> | undefined, ports: Ports) {
    this.#session = session
    this.#ports = ports
  }

  /** The configuration as it is, with whatever logins it has. */
  async configuration(): Promise<DockerConfiguration> {
    this.#configuration ??= await this.#ports.dockerCredentials.open()
    return this.#configuration
  }

  /** Logs in to those of `registries` where no login is yet. @throws ActionError */
  async logIn(registries: readonly EcrHost[]): Promise<DockerConfiguration> {
    const configuration = await this.configuration()
    const missing = new Map(
      registries.flatMap((registry) =>
        this.#loggedIn.has(registry.host) ? [] : [[registry.host, registry]],
      ),
    )
    if (missing.size === 0) return configuration
    const hosts = [...missing.keys()].join(', ')
    await this.#ports.report.phase('login', `Log in to ${hosts}`, async () => {
      for (const registry of missing.values()) await this.#enter(registry, configuration)
    })
    return configuration
  }

  /** The registries that are logged in to. */
  get hosts(): readonly string[] {
    return [...this.#loggedIn.keys()]
  }

  /** Gets new passwords for all registries that are logged in to. @throws ActionError */
  async renew(): Promise<void> {
    const configuration = await this.configuration()
    this.#tokens.clear()
    for (const registry of [...this.#loggedIn.values()]) await this.#enter(registry, configuration)
  }

  /** Whether the password of `registry` has ended by the clock of this machine. */
  isExpired(registry: EcrHost): boolean {
    const token = this.#tokens.get(regionOf(registry))
    return token !== undefined && token.expiresAt <= this.#ports.clock.now()
  }

  /** Removes the configuration and every login in it. */
  async close(): Promise<void> {
    await this.#configuration?.dispose()
    this.#configuration = undefined
    this.#tokens.clear()
    this.#loggedIn.clear()
  }

  async #enter(registry: EcrHost, configuration: DockerConfiguration): Promise<void> {
    const region = regionOf(registry)
    if (this.#session === undefined) throw new TypeError(`no session to log in to ${region}`)
    const known = this.#tokens.get(region)
    const token = known ?? (await askToken(registry, this.#session.ecr(registry), this.#ports))
    this.#tokens.set(region, token)
    await logIn(registry, token, configuration, this.#ports)
    this.#loggedIn.set(registry.host, registry)
  }
}

/** What shares a password; a region belongs to one partition alone. */
function regionOf(registry: EcrHost): string {
  return isPublic(registry) ? 'public' : registry.region
}

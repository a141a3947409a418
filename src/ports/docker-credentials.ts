/** A login to one registry host. */
export interface RegistryLogin {
  readonly host: string
  readonly username: string
  readonly password: string
}

/** A Docker configuration of this run's own; it ends with the run. */
export interface DockerConfiguration {
  /** The environment that makes docker and its plugins use it. */
  readonly environment: Readonly<Record<string, string>>
  /** Adds logins; the user's own for other hosts go on working. */
  login(logins: readonly RegistryLogin[]): Promise<void>
  /** Writes a secret that docker is to read; it goes with the configuration. @returns its path. */
  writeSecret(text: string): Promise<string>
  /** Removes every trace from the disk. */
  dispose(): Promise<void>
}

export interface DockerCredentials {
  /**
   * Makes a configuration that starts from the user's: registry logins, helpers, proxies, contexts,
   * plugins and builders go on working. Its place is saved for the post step before it exists.
   */
  open(): Promise<DockerConfiguration>
}

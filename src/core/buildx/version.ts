/** A release of buildx. */
export interface BuildxVersion {
  readonly major: number
  readonly minor: number
}

/**
 * Reads the answer of `docker buildx version`: `github.com/docker/buildx v0.29.1 a32761a`, Debian's
 * `github.com/docker/buildx 0.13.1+ds1-3`.
 * @returns undefined where it names none, as builds of a branch do.
 */
export function parseBuildxVersion(text: string): BuildxVersion | undefined {
  const [, major, minor] = /docker\/buildx v?(\d+)\.(\d+)\./.exec(text) ?? []
  return major === undefined || minor === undefined
    ? undefined
    : { major: Number(major), minor: Number(minor) }
}

export function isOlder(version: BuildxVersion, than: BuildxVersion): boolean {
  return version.major === than.major ? version.minor < than.minor : version.major < than.major
}

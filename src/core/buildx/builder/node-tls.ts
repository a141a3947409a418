/** What a client of BuildKit needs for TLS, in the order of their variables; each is PEM. */
export const tlsParts = ['cacert', 'cert', 'key'] as const
export type TlsPart = (typeof tlsParts)[number]

/** Paths of a node's PEM files; undefined: BuildKit asks for no client certificate. */
export interface TlsFiles {
  readonly cacert: string
  readonly cert: string | undefined
  readonly key: string | undefined
}

/**
 * The variable that holds a part, as docker/setup-buildx-action names it: 0 is the node of
 * `endpoint`, n the nth of `append`.
 */
export function tlsVariable(index: number, part: TlsPart): string {
  return `BUILDER_NODE_${index}_AUTH_TLS_${part.toUpperCase()}`
}

/** Options of the remote driver. The server's name is the endpoint's host, unless `servername` says another. */
export function tlsOptions(files: TlsFiles): readonly string[] {
  return tlsParts.flatMap((part) => (files[part] === undefined ? [] : [`${part}=${files[part]}`]))
}

/** Whether the remote driver takes TLS for `endpoint`; others have their own means (ssh, contexts). */
export function takesTls(driver: string, endpoint: string | undefined): boolean {
  return driver === 'remote' && /^tcp:\/\//.test(endpoint ?? '')
}

/** What is missing for TLS with the parts that are there; undefined: nothing (buildx, remote driver). */
export function missingTlsPart(given: readonly TlsPart[]): TlsPart | undefined {
  if (!given.includes('cacert')) return 'cacert'
  if (given.includes('cert') === given.includes('key')) return undefined
  return given.includes('cert') ? 'key' : 'cert'
}

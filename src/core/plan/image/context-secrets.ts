import { isOnServer } from '../../inputs/build/context.ts'
import type { BuildInputs } from '../../inputs/inputs.ts'
import type { BuildSecret } from '../../inputs/build/secrets.ts'

/**
 * What BuildKit needs to fetch the context: the job's token for a git repository on the job's own
 * server, unless the user gave one; every other context gets nothing. The secret's id ends in the
 * host: BuildKit would show one without it to every git server that the Dockerfile names (source/git
 * of moby/buildkit; docs.docker.com, build secrets, multiple hosts).
 */
export function contextSecrets(
  { context, settings }: Pick<BuildInputs, 'context' | 'settings'>,
  serverUrl: string,
  githubToken: string | undefined,
): readonly BuildSecret[] {
  if (githubToken === undefined || !isOnServer(context, serverUrl)) return []
  const { host } = new URL(serverUrl)
  const forHost = ['GIT_AUTH_TOKEN', 'GIT_AUTH_HEADER'].flatMap((id) => [id, `${id}.${host}`])
  const isGiven = settings.secrets.some(({ id }) => forHost.includes(id))
  return isGiven ? [] : [{ kind: 'text', id: `GIT_AUTH_TOKEN.${host}`, text: githubToken }]
}

import type { SecretSource } from '../../core/buildx/argv.ts'
import { ActionError } from '../../core/errors/action-error.ts'
import type { BuildSettings } from '../../core/inputs/build/build-settings.ts'
import { maxSecretBytes, type BuildSecret } from '../../core/inputs/build/secrets.ts'
import { pathIn } from '../../core/path-in.ts'
import type { DockerConfiguration } from '../../ports/docker-credentials.ts'
import type { Ports } from '../../ports/ports.ts'

/** What one build may know: where its secrets are, and which withheld variables it gets. */
export interface PreparedSecrets {
  readonly sources: readonly SecretSource[]
  readonly keptVariables: readonly string[]
}

/**
 * Masks the secrets of a build and puts them where buildx reads them: in the job's variables, in
 * the user's files, or in files of 0600 that go with the Docker configuration of this run.
 * @throws ActionError where a variable is not set or a file cannot be read: buildx would mount
 * nothing in place of the variable, without a word.
 */
export async function prepareSecrets(
  settings: BuildSettings,
  docker: DockerConfiguration,
  ports: Ports,
): Promise<PreparedSecrets> {
  const sources: SecretSource[] = []
  for (const secret of settings.secrets) sources.push(await prepareSecret(secret, docker, ports))
  const variables = settings.secrets.flatMap((secret) =>
    secret.kind === 'variable' ? [secret.name] : [],
  )
  const keptVariables = [...new Set(variables)]
  if (keptVariables.length > 0) {
    ports.report.line(`buildx is given the variables ${keptVariables.join(', ')} of the job`)
  }
  return { sources, keptVariables }
}

async function prepareSecret(
  secret: BuildSecret,
  docker: DockerConfiguration,
  ports: Ports,
): Promise<SecretSource> {
  const { id } = secret
  switch (secret.kind) {
    case 'text':
      ports.report.mask(secret.text)
      return { id, file: await docker.writeSecret(secret.text) }
    case 'variable': {
      const value = ports.processes.variable(secret.name)
      if (value === undefined || value === '') throw notSet(id)
      ports.report.mask(value)
      return { id, variable: secret.name }
    }
    case 'file': {
      const file = pathIn(ports.context.workspace, secret.path)
      ports.report.mask(await ports.files.readText(file, maxSecretBytes))
      return { id, file }
    }
  }
}

/** The name of the variable is not shown: it may be the secret itself, by mistake. */
function notSet(id: string): ActionError {
  return new ActionError(
    'invalid-inputs',
    `secret-envs: the variable that "${id}" names is not set in this step`,
    'Set it in the `env` of the step; `secret-envs` takes names of variables, `secrets` takes values. Nothing was built.',
  )
}

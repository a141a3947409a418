import type { InputReader } from '../reader.ts'

/** What the run tells GitHub, and asks it, about the commit. */
export interface GitHubInputs {
  /** Whether a release is refused where a newer commit runs. */
  readonly guardNewerCommit: boolean
  /** The environment in which GitHub shows the deployment; undefined: it shows none. */
  readonly environment: EnvironmentInputs | undefined
}

export interface EnvironmentInputs {
  readonly name: string
  readonly url: string | undefined
}

export function readGitHub(reader: InputReader): GitHubInputs {
  return {
    guardNewerCommit: reader.boolean('guard-newer-commit'),
    environment: readEnvironment(reader),
  }
}

function readEnvironment(reader: InputReader): EnvironmentInputs | undefined {
  const name = reader.parsed(
    'deployment-environment',
    'is no name of an environment: one line of at most 255 characters',
    (text) => (/^[^\p{Cc}]{1,255}$/u.test(text) ? text : undefined),
  )
  const url = reader.parsed('environment-url', 'is not an https URL', (text) =>
    isHttps(text) ? text : undefined,
  )
  if (reader.text('deployment-environment') === undefined && url !== undefined) {
    reader.reject('environment-url', 'needs `deployment-environment`: it is shown there')
  }
  return name === undefined ? undefined : { name, url }
}

/** GitHub shows the URL to people: one with a login in it would tell that. */
function isHttps(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url?.protocol === 'https:' && url.username === '' && url.password === ''
}

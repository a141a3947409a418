import type { InputReader } from '../reader.ts'

/**
 * Reads `github-token`. The runner writes out the default, an expression; elsewhere it stands there
 * as it is written in action.yml and is no token.
 */
export function readGitHubToken(reader: InputReader): string | undefined {
  const text = reader.text('github-token')
  return text?.startsWith('${{') === true ? undefined : text
}

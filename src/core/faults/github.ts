import type { GitHubFailure } from '../errors/github-failure.ts'

/**
 * Why GitHub did not do what it was asked, as a clause of a warning.
 * @param permission What the job needs for it, as workflows write it: `contents: read`.
 */
export function describeGitHubFailure(failure: GitHubFailure, permission: string): string {
  const { status, message, operation } = failure
  const said = status === undefined ? message : `${status}: ${message}`
  const what = `GitHub did not ${operation} (${said})`
  return failure.denied ? `${what}; add \`permissions: ${permission}\` to the job` : what
}

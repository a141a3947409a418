import { getIDToken } from '@actions/core'

import { ActionError } from '../../core/errors/action-error.ts'

/**
 * A fresh OIDC token of this job.
 * @throws ActionError `oidc-unavailable` where the job may not have one, `oidc-failed` where
 *   GitHub did not answer.
 */
export async function mintOidcToken(audience: string): Promise<string> {
  if (process.env['ACTIONS_ID_TOKEN_REQUEST_URL'] === undefined) {
    throw new ActionError(
      'oidc-unavailable',
      'this job may not ask for an OIDC token',
      'Add `permissions: id-token: write` to the job (and to the caller of a reusable workflow); pull requests from forks never get one.',
    )
  }
  try {
    return await getIDToken(audience)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new ActionError(
      'oidc-failed',
      `GitHub did not issue an OIDC token for audience "${audience}": ${message.replaceAll(/\s+/g, ' ').trim()}`,
      'Run the job again; githubstatus.com tells whether GitHub Actions has trouble.',
      { cause: error },
    )
  }
}

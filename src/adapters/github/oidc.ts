import { getIDToken } from '@actions/core'

import { ActionError } from '../../core/errors/action-error.ts'

/**
 * A fresh OIDC token of this job.
 * @throws ActionError `oidc-unavailable` where the job may not have one, `oidc-failed` where
 *   GitHub did not answer, or had a fault of its own.
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
    const text = error instanceof Error ? error.message : String(error)
    const message = `GitHub did not issue an OIDC token for audience "${audience}": ${text.replaceAll(/\s+/g, ' ').trim()}`
    // The words of @actions/core; asking again does not change a refusal.
    if (/Error Code : 4(?!08|29)\d\d/.test(text)) {
      const remedy = 'Check `permissions: id-token: write` of the job, and `audience`.'
      throw new ActionError('oidc-unavailable', message, remedy, { cause: error })
    }
    const remedy = 'Run the job again; githubstatus.com tells whether GitHub Actions has trouble.'
    throw new ActionError('oidc-failed', message, remedy, { cause: error })
  }
}

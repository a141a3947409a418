import { exportVariable, getState, saveState } from '@actions/core'

const stateKey = 'exported-variables'
/** All that is ever exported: state can be forged, and other variables are not ours to clear. */
const ownVariables: ReadonlySet<string> = new Set([
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
])

/** What later steps of the job need to be the same caller. */
interface ExportedCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  readonly region: string
}

/**
 * Hands credentials and region to the later steps, as configure-aws-credentials does; the names
 * are kept for post. What the job has already stays its own, and is not cleared: a region of the
 * whole job outlives this step. The secrets must have been masked before.
 */
export function exportCredentials(credentials: ExportedCredentials): void {
  const { accessKeyId, secretAccessKey, sessionToken, region } = credentials
  const variables = {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    // A token that the job has belongs to other keys.
    AWS_SESSION_TOKEN: sessionToken ?? '',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
  }
  const changed = Object.entries(variables).filter(
    ([name, value]) => (process.env[name] ?? '') !== value,
  )
  saveState(stateKey, changed.map(([name]) => name).join(','))
  for (const [name, value] of changed) exportToLaterSteps(name, value)
}

/** Empties, for the steps after post, what {@link exportCredentials} gave. @returns the names. */
export function clearExportedCredentials(): readonly string[] {
  const names = getState(stateKey)
    .split(',')
    .filter((name) => ownVariables.has(name))
  for (const name of names) exportToLaterSteps(name, '')
  return names
}

/** This process goes on with what it had: its credentials are renewed from where they came. */
function exportToLaterSteps(name: string, value: string): void {
  const own = process.env[name]
  exportVariable(name, value)
  if (own === undefined) Reflect.deleteProperty(process.env, name)
  else process.env[name] = own
}

/** Variables of the job that no child gets: what the step was given, and what proves who we are. */
const withheld: readonly RegExp[] = [
  /^INPUT_/,
  /^STATE_/,
  /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|SECURITY_TOKEN|CREDENTIAL_EXPIRATION)$/,
  /^AWS_(WEB_IDENTITY_TOKEN_FILE|ROLE_ARN|ROLE_SESSION_NAME|BEARER_TOKEN_.*)$/,
  /^AWS_CONTAINER_(CREDENTIALS_(RELATIVE|FULL)_URI|AUTHORIZATION_TOKEN(_FILE)?)$/,
  /^ACTIONS_ID_TOKEN_REQUEST_/,
  /^ACTIONS_RUNTIME_TOKEN$/,
  /^GITHUB_TOKEN$/,
  /^BUILDER_NODE_\d+_AUTH_TLS_/,
]

/**
 * The environment of a child: the job's, less its secrets, and what the call adds.
 * @param keptNames Variables that it gets although they are withheld from others.
 */
export function childEnvironment(
  job: Readonly<Record<string, string | undefined>>,
  added: Readonly<Record<string, string>> = {},
  keptNames: readonly string[] = [],
): Record<string, string> {
  const kept = Object.entries(job).flatMap(([name, value]): [string, string][] =>
    value === undefined || (isWithheld(name) && !keptNames.includes(name)) ? [] : [[name, value]],
  )
  return { ...Object.fromEntries(kept), ...added }
}

function isWithheld(name: string): boolean {
  return withheld.some((pattern) => pattern.test(name.toUpperCase()))
}

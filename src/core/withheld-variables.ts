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

/** Whether a child gets the variable only where the call names it. */
export function isWithheld(name: string): boolean {
  return withheld.some((pattern) => pattern.test(name.toUpperCase()))
}

/**
 * A registry's login as headers and config.json hold it, `username:password` in base64. As secret as
 * the password: whoever masks one masks the other.
 */
export function basicCredential(login: {
  readonly username: string
  readonly password: string
}): string {
  return Buffer.from(`${login.username}:${login.password}`).toString('base64')
}

import type { AccessKeys, IdentityProof } from '../inputs.ts'
import type { InputReader } from '../reader.ts'

/**
 * What proves who we are: keys that were given; else the token of a file; else, where a role is to
 * be assumed and not chained, the job's OIDC token; else what the job has.
 * @param chained `role-chaining`.
 */
export function readProof(reader: InputReader, chained: boolean): IdentityProof {
  const keys = readKeys(reader)
  const path = readTokenFile(reader, chained)
  if (chained) needRole(reader, 'role-chaining')
  if (keys !== undefined) return { kind: 'keys', keys }
  if (path !== undefined) return { kind: 'token-file', path }
  if (chained || reader.text('role-to-assume') === undefined) return { kind: 'ambient' }
  return { kind: 'oidc', audience: reader.text('audience') ?? 'sts.amazonaws.com' }
}

/** A problem where an input that is about a role is given without one. */
export function needRole(reader: InputReader, name: string): void {
  if (reader.text('role-to-assume') === undefined) {
    reader.reject(name, 'is given without role-to-assume')
  }
}

function readTokenFile(reader: InputReader, chained: boolean): string | undefined {
  const path = reader.text('web-identity-token-file')
  if (path === undefined) return undefined
  needRole(reader, 'web-identity-token-file')
  if (reader.text('aws-access-key-id') !== undefined) {
    reader.reject('web-identity-token-file', 'is given beside aws-access-key-id; give one of them')
  }
  if (chained) {
    reader.reject(
      'web-identity-token-file',
      'is given although role-chaining is true, which assumes the role with the credentials of the job',
    )
  }
  return path
}

function readKeys(reader: InputReader): AccessKeys | undefined {
  const accessKeyId = reader.text('aws-access-key-id')
  const secretAccessKey = reader.text('aws-secret-access-key')
  const sessionToken = reader.text('aws-session-token')
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) }
  }
  if (accessKeyId !== undefined) {
    reader.reject('aws-secret-access-key', 'is missing although aws-access-key-id is given')
  }
  if (secretAccessKey !== undefined) {
    reader.reject('aws-access-key-id', 'is missing although aws-secret-access-key is given')
  }
  if (sessionToken !== undefined && accessKeyId === undefined && secretAccessKey === undefined) {
    reader.reject('aws-session-token', 'is given without aws-access-key-id')
  }
  return undefined
}

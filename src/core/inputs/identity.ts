import type { AccessKeys, IdentityInputs } from './inputs.ts'
import type { InputReader } from './reader.ts'

const regionPattern = /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/
const roleArnPattern = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/
const roleNamePattern = /^[\w+=,.@-]{1,64}$/
const sessionNamePattern = /^[\w+=,.@-]{2,64}$/

/** What the surroundings offer where an input is silent. */
export interface IdentitySurroundings {
  /** AWS_REGION, then AWS_DEFAULT_REGION. */
  readonly region: string | undefined
}

export function readIdentity(
  reader: InputReader,
  surroundings: IdentitySurroundings,
): IdentityInputs {
  const region =
    reader.parsed('aws-region', 'is not a region such as eu-central-1', (text) =>
      regionPattern.test(text) ? text : undefined,
    ) ?? surroundings.region
  const allowedAccountIds = reader.list('allowed-account-ids')
  for (const id of allowedAccountIds) {
    if (!/^\d{12}$/.test(id)) reader.reject('allowed-account-ids', 'is not 12 digits', id)
  }
  return {
    region,
    roleToAssume: readRole(reader, allowedAccountIds, region),
    roleSessionName:
      reader.parsed('role-session-name', 'is not 2 to 64 letters, digits and +=,.@_-', (text) =>
        sessionNamePattern.test(text) ? text : undefined,
      ) ?? 'GitHubActions',
    roleDurationSeconds: reader.integer('role-duration-seconds', { min: 900, max: 43_200 }) ?? 3600,
    audience: reader.text('audience') ?? 'sts.amazonaws.com',
    keys: readKeys(reader),
    allowedAccountIds,
  }
}

/** A role by ARN, or by name where exactly one allowed account says whose it is. */
function readRole(
  reader: InputReader,
  accountIds: readonly string[],
  region: string | undefined,
): string | undefined {
  const allowed =
    'is neither a role ARN (arn:aws:iam::123456789012:role/name) nor a role name beside exactly one allowed-account-ids'
  return reader.parsed('role-to-assume', allowed, (text) => {
    if (roleArnPattern.test(text)) return text
    const [accountId, ...more] = accountIds
    if (!roleNamePattern.test(text) || accountId === undefined || more.length > 0) return undefined
    return `arn:${partitionOf(region ?? '')}:iam::${accountId}:role/${text}`
  })
}

/** The AWS partition that a region belongs to, as ARNs spell it. */
function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn'
  if (region.startsWith('us-gov-')) return 'aws-us-gov'
  return 'aws'
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

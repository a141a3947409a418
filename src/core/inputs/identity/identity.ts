import { partitionOf } from '../../identity/partition.ts'
import type { IdentityInputs } from '../inputs.ts'
import { readProof } from './proof.ts'
import type { InputReader } from '../reader.ts'
import { readRoleSession } from './role-session.ts'

const regionPattern = /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/
const roleArnPattern = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/
const roleNamePattern = /^[\w+=,.@-]{1,64}$/

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
  const chained = reader.boolean('role-chaining')
  const roleToAssume = readRole(reader, allowedAccountIds, region)
  return {
    region,
    roleToAssume,
    proof: readProof(reader, chained),
    roleSession: readRoleSession(reader, chained),
    allowedAccountIds,
    exportCredentials: reader.boolean('output-env-credentials'),
    maskAccountId: reader.boolean('mask-aws-account-id'),
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

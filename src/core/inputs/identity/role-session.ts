import { parseJsonObject } from '../../json.ts'
import type { RoleSession } from '../inputs.ts'
import { needRole } from './proof.ts'
import type { InputReader } from '../reader.ts'

const sessionNamePattern = /^[\w+=,.@-]{2,64}$/
/** AWS STS API reference, AssumeRole: `ExternalId`, `Policy`, `PolicyArns`. */
const externalIdPattern = /^[\w+=,.@:/-]{2,1224}$/
const policyArnPattern = /^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]{1,512}$/
const longestPolicy = 2048
const mostPolicies = 10
/** STS gives a role that a role assumes an hour at most. */
const longestChainedSeconds = 3600

/**
 * How the role is assumed; what does not fit the way it is assumed is told.
 * @param chained `role-chaining`.
 */
export function readRoleSession(reader: InputReader, chained: boolean): RoleSession {
  return {
    name:
      reader.parsed('role-session-name', 'is not 2 to 64 letters, digits and +=,.@_-', (text) =>
        sessionNamePattern.test(text) ? text : undefined,
      ) ?? 'GitHubActions',
    durationSeconds: readDuration(reader, chained),
    externalId: readExternalId(reader, chained),
    tagged: !reader.boolean('role-skip-session-tagging'),
    inlinePolicy: readInlinePolicy(reader),
    managedPolicies: readManagedPolicies(reader),
  }
}

function readDuration(reader: InputReader, chained: boolean): number {
  const seconds = reader.integer('role-duration-seconds', { min: 900, max: 43_200 }) ?? 3600
  if (chained && seconds > longestChainedSeconds) {
    reader.reject('role-duration-seconds', 'is more than the 3600 that role-chaining allows')
  }
  return seconds
}

/** AssumeRole takes one, AssumeRoleWithWebIdentity does not. */
function readExternalId(reader: InputReader, chained: boolean): string | undefined {
  const id = reader.parsed(
    'role-external-id',
    'is not 2 to 1224 letters, digits and +=,.@:/_-',
    (text) => (externalIdPattern.test(text) ? text : undefined),
  )
  if (id === undefined) return undefined
  needRole(reader, 'role-external-id')
  const byKeys = reader.text('aws-access-key-id') !== undefined
  if (!byKeys && !chained) {
    reader.reject(
      'role-external-id',
      'cannot be used with a token; it is for a role that keys or role-chaining assume',
    )
  }
  return id
}

function readInlinePolicy(reader: InputReader): string | undefined {
  const name = 'inline-session-policy'
  const text = reader.text(name)
  if (text === undefined) return undefined
  needRole(reader, name)
  if (parseJsonObject(text) === undefined) reader.reject(name, 'is not an IAM policy in JSON')
  if (text.length > longestPolicy) {
    reader.reject(name, `has ${text.length} characters, more than the ${longestPolicy} of STS`)
  }
  return text
}

function readManagedPolicies(reader: InputReader): readonly string[] {
  const name = 'managed-session-policies'
  // Names of policies may hold commas: one per line.
  const arns = reader.lines(name)
  if (arns.length === 0) return arns
  needRole(reader, name)
  for (const arn of arns) {
    if (policyArnPattern.test(arn)) continue
    reader.reject(name, 'is not a policy ARN such as arn:aws:iam::aws:policy/ReadOnlyAccess', arn)
  }
  if (arns.length > mostPolicies) {
    reader.reject(name, `are ${arns.length}, more than the ${mostPolicies} of STS`, '')
  }
  return arns
}

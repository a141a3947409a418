import type { Iam } from '../iam/iam.ts'
import { parsePolicy, type Policy } from '../iam/policy/document.ts'
import { MalformedPolicy } from '../iam/policy/malformed-policy.ts'
import { objectsMember, stringMember } from '../wire/members.ts'
import { ServiceError, type JsonObject } from '../wire/service.ts'
import { required, violation } from './parameters.ts'

const LONGEST_POLICY = 2048
const MOST_POLICIES = 10

/** Session policies as they came, and as they are judged. */
export interface SessionPolicies {
  readonly policies: readonly Policy[]
  /** What has to fit into a session's packed space. */
  readonly texts: readonly string[]
}

/** Reads `Policy` and `PolicyArns`; throws STS's refusals. */
export function sessionPolicies(input: JsonObject, iam: Iam): SessionPolicies {
  const inline = stringMember(input, 'Policy')
  const arns = (objectsMember(input, 'PolicyArns') ?? []).map((item) => required(item, 'arn'))
  if (inline !== undefined && inline.length > LONGEST_POLICY) {
    throw violation(inline, 'Policy', 'Member must have length less than or equal to 2048')
  }
  if (arns.length > MOST_POLICIES) {
    const constraint = 'Member must have length less than or equal to 10'
    throw violation(`[${arns.join(', ')}]`, 'PolicyArns', constraint)
  }
  const managed = arns.map((arn) => {
    const policy = iam.managedPolicy(arn)
    if (policy === undefined) throw malformed(`Policy ${arn} does not exist or is not attachable.`)
    return policy
  })
  const own = inline === undefined ? [] : [readInline(inline)]
  return {
    policies: [...own, ...managed],
    texts: [...(inline === undefined ? [] : [inline]), ...arns],
  }
}

function readInline(text: string): Policy {
  try {
    return parsePolicy(text)
  } catch (cause) {
    if (cause instanceof MalformedPolicy) throw malformed(cause.message)
    throw cause
  }
}

function malformed(message: string): ServiceError {
  return new ServiceError('MalformedPolicyDocument', message)
}

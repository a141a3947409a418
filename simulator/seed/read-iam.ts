import type { Fields } from '../document/fields.ts'
import { trustAccount, trustGitHub, type TrustPolicy } from '../iam/trust-policy.ts'
import type { Planting } from './planting.ts'

const ROLE = ['name', 'subject', 'trust', 'allow', 'maxSessionSeconds']
const USER = ['name', 'allow', 'accessKeyId', 'secretAccessKey']
const HOUR_SECONDS = 3600

/** `roles:`; without a `subject` or a trust policy any principal of the account may assume one. */
export function readRoles(seed: Fields): readonly Planting[] {
  return seed.each('roles', ROLE).map((fields): Planting => {
    const name = fields.requiredText('name')
    const subject = fields.text('subject')
    const trust = fields.object('trust')
    if (subject !== undefined && trust !== undefined) {
      fields.refuse(undefined, 'has subject and trust: one is enough')
    }
    const maxSessionDurationSeconds = fields.wholeNumber('maxSessionSeconds', HOUR_SECONDS)
    const allow = allowOf(fields)
    return {
      path: fields.path,
      plant: ({ simulator }) => {
        const { accountId } = simulator.ecr.registry.place
        const usual =
          subject === undefined ? trustAccount(accountId) : trustGitHub({ accountId, subject })
        simulator.iam.addRole({
          name,
          trustPolicy: trust === undefined ? usual : policyOf(trust),
          ...allow,
          ...(maxSessionDurationSeconds !== undefined && { maxSessionDurationSeconds }),
        })
      },
    }
  })
}

/** `users:` with static keys. */
export function readUsers(seed: Fields): readonly Planting[] {
  return seed.each('users', USER).map((fields): Planting => {
    const accessKeyId = fields.text('accessKeyId')
    const secretAccessKey = fields.text('secretAccessKey')
    const user = {
      name: fields.requiredText('name'),
      ...allowOf(fields),
      ...(accessKeyId !== undefined && { accessKeyId }),
      ...(secretAccessKey !== undefined && { secretAccessKey }),
    }
    return { path: fields.path, plant: ({ simulator }) => simulator.iam.addUser(user) }
  })
}

function allowOf(fields: Fields): { readonly allow?: readonly string[] } {
  return fields.has('allow') ? { allow: fields.texts('allow') } : {}
}

/** IAM itself says what is wrong with a trust policy when the role is made. */
function policyOf(trust: object): TrustPolicy {
  if (isPolicy(trust)) return trust
  throw new TypeError("trust is a trust policy with 'Version' and a list 'Statement'")
}

function isPolicy(value: object): value is TrustPolicy {
  return 'Version' in value && 'Statement' in value && Array.isArray(value.Statement)
}

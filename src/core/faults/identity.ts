import { ActionError } from '../errors/action-error.ts'
import type { AwsFailure } from '../errors/aws-failure.ts'
import type { ErrorCode } from '../errors/codes.ts'
import { tokenClaims } from '../identity/subject.ts'
import { trustCondition } from './trust-condition.ts'

/** Where an identity call stood: the role that was asked for and the OIDC token that was shown. */
export interface IdentityPlace {
  readonly roleArn?: string
  /** A JWT; only its claims are ever told, never itself. */
  readonly token?: string
}

interface KnownFault {
  readonly code: ErrorCode
  readonly matches: (failure: AwsFailure) => boolean
  readonly message: (failure: AwsFailure, place: IdentityPlace) => string
  readonly remedy: (failure: AwsFailure, place: IdentityPlace) => string
}

function role(place: IdentityPlace): string {
  return place.roleArn === undefined ? 'the credentials' : `role "${place.roleArn}"`
}

/** What to write into the trust policy of the role, as far as it is known who asked. */
function trustRemedy(place: IdentityPlace): string {
  const claims = place.token === undefined ? undefined : tokenClaims(place.token)
  if (claims !== undefined) return `Check that the role exists. ${trustCondition(claims)}`
  return (
    'Allow sts:AssumeRole on the role to this caller, and sts:AssumeRole to this caller in the trust policy of the role; ' +
    'where that asks for an external id, give it in `role-external-id`.'
  )
}

/** Whether the credential of the call was a token: what has expired is the token itself. */
function isByToken(failure: AwsFailure): boolean {
  return failure.operation === 'AssumeRoleWithWebIdentity'
}

const text = (failure: AwsFailure) => failure.message.replaceAll(/\s+/g, ' ')

/** Known refusals of STS, most particular first (texts: docs/errors.md). */
const knownFaults: readonly KnownFault[] = [
  {
    code: 'oidc-provider-missing',
    matches: (failure) => /No OpenIDConnect provider found/.test(failure.message),
    message: (failure, place) => `${role(place)} cannot be assumed: ${text(failure)}`,
    remedy: () =>
      'Create the IAM OIDC identity provider https://token.actions.githubusercontent.com in the account of the role.',
  },
  {
    code: 'oidc-audience-refused',
    matches: (failure) => /Incorrect token audience/.test(failure.message),
    message: (failure, place) => `${role(place)} cannot be assumed: ${text(failure)}`,
    remedy: () =>
      'Set `audience` to a client id of the IAM OIDC provider (sts.amazonaws.com; in aws-cn sts.amazonaws.com.cn).',
  },
  {
    // Between STS and the provider; it passes (actions/runner#1466).
    code: 'aws-unavailable',
    matches: (failure) =>
      failure.code.startsWith('IDPCommunicationError') ||
      /Couldn't retrieve verification key/.test(failure.message),
    message: (failure) => `STS could not ask the OIDC provider for its keys: ${text(failure)}`,
    remedy: () => 'Run the job again; githubstatus.com tells whether GitHub Actions has trouble.',
  },
  {
    code: 'web-identity-expired',
    matches: (failure) =>
      isByToken(failure) && /^(ExpiredToken|IDPRejectedClaim)/.test(failure.code),
    message: (failure, place) => `${role(place)} cannot be assumed: ${text(failure)}`,
    remedy: () =>
      'Run the job again; where `web-identity-token-file` is given, something must keep that file fresh.',
  },
  {
    code: 'web-identity-refused',
    matches: (failure) => failure.code.startsWith('InvalidIdentityToken'),
    message: (failure, place) => `${role(place)} cannot be assumed: ${text(failure)}`,
    remedy: () =>
      'Check `web-identity-token-file` and the IAM OIDC provider: STS does not take the token for one of that provider.',
  },
  {
    code: 'session-policy-refused',
    matches: (failure) => /^(PackedPolicyTooLarge|MalformedPolicyDocument)/.test(failure.code),
    message: (failure, place) => `${role(place)} cannot be assumed: ${text(failure)}`,
    remedy: () =>
      'Correct or shorten `inline-session-policy` and `managed-session-policies`; `role-skip-session-tagging: true` makes room, too.',
  },
  {
    code: 'sts-region-disabled',
    matches: (failure) => failure.code.startsWith('RegionDisabled'),
    message: (failure) => text(failure),
    remedy: () =>
      'Activate STS for the region in the account settings of IAM, or set `aws-region` to another one.',
  },
  {
    code: 'session-duration-refused',
    matches: (failure) => /DurationSeconds exceeds|1 hour session limit/.test(failure.message),
    message: (failure, place) => `${role(place)} cannot be assumed: ${text(failure)}`,
    remedy: () => "Lower `role-duration-seconds`, or raise the role's maximum session duration.",
  },
  {
    code: 'credentials-missing',
    matches: (failure) => failure.code === 'CredentialsProviderError',
    message: () => 'no AWS credentials were found',
    remedy: () =>
      'Give `role-to-assume` with `permissions: id-token: write`, or `aws-access-key-id` and `aws-secret-access-key`, or run on a machine that has a role.',
  },
  {
    code: 'credentials-expired',
    matches: (failure) => /^ExpiredToken/.test(failure.code),
    message: (failure) => `the AWS credentials have expired: ${text(failure)}`,
    remedy: () => 'Get fresh credentials: run the job again, or use `role-to-assume`.',
  },
  {
    code: 'role-not-assumable',
    matches: (failure) => failure.denied && failure.message.includes('perform: sts:TagSession'),
    message: (failure, place) => `${role(place)} cannot be assumed: ${text(failure)}`,
    remedy: () =>
      'Allow sts:TagSession to this caller in the trust policy of the role, or set `role-skip-session-tagging: true`.',
  },
  {
    code: 'role-not-assumable',
    matches: (failure) => failure.denied && failure.operation.startsWith('AssumeRole'),
    message: (failure, place) => `${role(place)} cannot be assumed: ${text(failure)}`,
    remedy: (_failure, place) => trustRemedy(place),
  },
  {
    code: 'credentials-invalid',
    matches: (failure) => failure.credentialsGone || failure.code === 'SignatureDoesNotMatch',
    message: (failure) => `AWS does not know these credentials: ${text(failure)}`,
    remedy: () =>
      'Check the access key: it may be deleted, rotated, mistyped, or of another partition.',
  },
  {
    code: 'access-denied',
    matches: (failure) => failure.denied,
    message: (failure) => `sts:${failure.operation} was denied: ${text(failure)}`,
    remedy: (failure) => `Allow the action sts:${failure.operation} to this caller.`,
  },
  {
    code: 'throttled',
    matches: (failure) => failure.throttled,
    message: (failure) => `STS throttled ${failure.operation}: ${text(failure)}`,
    remedy: () => 'Run the job again; many jobs may be starting at once.',
  },
  {
    code: 'aws-unavailable',
    matches: (failure) => failure.ambiguous,
    message: (failure) =>
      `STS could not be reached for ${failure.operation}: ${failure.code}: ${text(failure)}`,
    remedy: () => 'Check `aws-region` and the network (proxy, VPC endpoint) of the runner.',
  },
]

/** The refusal of an identity call in our words; an unknown one keeps AWS's own. */
export function explainIdentity(failure: AwsFailure, place: IdentityPlace): ActionError {
  const known = knownFaults.find((fault) => fault.matches(failure))
  const cause = { cause: failure }
  if (known === undefined) {
    return new ActionError(
      'aws-refused',
      `STS refused ${failure.operation} for ${role(place)}: ${failure.code}: ${text(failure)}`,
      'This refusal is not in the catalogue; AWS words it as above.',
      cause,
    )
  }
  return new ActionError(
    known.code,
    known.message(failure, place),
    known.remedy(failure, place),
    cause,
  )
}

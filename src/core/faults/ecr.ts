import { ActionError } from '../errors/action-error.ts'
import type { AwsFailure } from '../errors/aws-failure.ts'
import type { ErrorCode } from '../errors/codes.ts'
import { partitionOf } from '../identity/partition.ts'
import { TagTaken } from '../errors/tag-taken.ts'
import type { Digest } from '../image/digest.ts'
import { actionOf, deniedStatement } from './denied-statement.ts'
import { incompleteRemedy, keyRemedy, quotaRemedy } from './ecr-remedies.ts'
import { takenTag, takenTagRemedy } from './taken-tag.ts'

/** Where an ECR call went. */
export interface EcrPlace {
  readonly region: string
  /** Undefined: the caller's own account. */
  readonly accountId: string | undefined
  /** Repository name; undefined for calls on the registry. */
  readonly repository: string | undefined
  readonly tag?: string
}

interface KnownFault {
  readonly matches: (failure: AwsFailure) => boolean
  readonly code: ErrorCode
  readonly message: (where: string, failure: AwsFailure, place: EcrPlace) => string
  readonly remedy: (failure: AwsFailure, place: EcrPlace) => string
}

const named =
  (...codes: readonly string[]) =>
  (failure: AwsFailure): boolean =>
    codes.includes(failure.code)

/** Known answers of the ECR API, the particular before the general (texts: docs/errors.md). */
const knownFaults: readonly KnownFault[] = [
  {
    matches: named('RepositoryNotFoundException'),
    code: 'repository-not-found',
    message: (where) => `${where} does not exist`,
    remedy: () =>
      'Create it, or correct `repository` (name, account and region must all be right).',
  },
  {
    matches: named('ImageTagAlreadyExistsException'),
    code: 'tag-immutable',
    message: (where, failure, place) => takenTag(place.tag ?? '', where, ownerOf(failure)),
    remedy: (failure) => takenTagRemedy(ownerOf(failure)),
  },
  {
    matches: named(
      'ImageNotFoundException',
      'ReferencedImagesNotFoundException',
      'LayersNotFoundException',
    ),
    code: 'image-incomplete',
    message: (where, failure) => `an image of ${where} is not whole: ${failure.message}`,
    remedy: () => incompleteRemedy,
  },
  {
    matches: (failure) => failure.denied,
    code: 'access-denied',
    message: (where, failure) =>
      `not allowed to call ${callOf(failure)} on ${where}: ${failure.message}`,
    remedy: deniedRemedy,
  },
  {
    matches: named('BlockedByOrganizationPolicyException'),
    code: 'access-denied',
    message: (where, failure) => `an organization policy blocks ${where}: ${failure.message}`,
    remedy: () => 'Ask the owner of the AWS organization which policy applies to this repository.',
  },
  {
    matches: (failure) => /^ExpiredToken/.test(failure.code),
    code: 'credentials-expired',
    message: (_where, failure) => `the AWS credentials have expired: ${failure.message}`,
    remedy: () =>
      'Run the job again; give `role-duration-seconds` a larger value if the build is long.',
  },
  {
    matches: (failure) => failure.credentialsGone,
    code: 'credentials-invalid',
    message: (_where, failure) => `ECR does not accept the credentials: ${failure.message}`,
    remedy: () =>
      'Check the access key, and that the repository is in the region that its host names.',
  },
  {
    matches: (failure) =>
      failure.throttled || failure.code === 'ThrottleException' || failure.httpStatus === 429,
    code: 'throttled',
    message: (where, failure) => `ECR throttles ${callOf(failure)} on ${where}`,
    remedy: () => 'Run fewer jobs at a time against this registry, or run the job again.',
  },
  {
    matches: named('KmsException'),
    code: 'aws-refused',
    message: (where, failure) =>
      `the encryption key of ${where} cannot be used: ${failure.message}`,
    remedy: () => keyRemedy,
  },
  {
    matches: named('LimitExceededException'),
    code: 'aws-refused',
    message: (where, failure) => `${where} has reached a limit: ${failure.message}`,
    remedy: () => quotaRemedy,
  },
  {
    matches: (failure) => failure.ambiguous,
    code: 'aws-unavailable',
    message: (where, failure) =>
      `ECR did not answer ${callOf(failure)} on ${where}: ${failure.message}`,
    remedy: () => 'Run the job again; check the network path to api.ecr if it stays so.',
  },
]

/** An ECR failure in the words of this action: the place, the cause, and what to do. */
export function explainEcr(failure: AwsFailure, place: EcrPlace): ActionError {
  const where = describePlace(place)
  const known = knownFaults.find((fault) => fault.matches(failure))
  const options = { cause: failure }
  if (known === undefined) {
    return new ActionError(
      'aws-refused',
      `ECR refused ${callOf(failure)} on ${where}: ${failure.code}: ${failure.message}`,
      'Look the answer up in the Amazon ECR API reference.',
      options,
    )
  }
  return new ActionError(
    known.code,
    known.message(where, failure, place),
    known.remedy(failure, place),
    options,
  )
}

function ownerOf(failure: AwsFailure): Digest | undefined {
  return failure instanceof TagTaken ? failure.owner : undefined
}

function describePlace({ region, accountId, repository }: EcrPlace): string {
  const registry = accountId === undefined ? region : `${region} of account ${accountId}`
  return repository === undefined
    ? `the registry in ${registry}`
    : `repository "${repository}" in ${registry}`
}

/** Reading a manifest of ECR Public is guarded by no IAM action but those of the token. */
const isUnguarded = ({ service, operation }: AwsFailure): boolean =>
  service === 'ECR Public' && operation === 'GetManifest'

function callOf(failure: AwsFailure): string {
  return isUnguarded(failure) ? failure.operation : actionOf(failure)
}

/** E4 to E6: the token's action only ever takes Resource `*`; a foreign account must allow it, too. */
function deniedRemedy(failure: AwsFailure, place: EcrPlace): string {
  const { action, resource } = deniedStatement(failure, resourceOf(failure, place))
  const isTokens = /:(GetAuthorizationToken|GetServiceBearerToken)$/.test(action)
  if (isTokens || isUnguarded(failure)) {
    // The token of ECR Public is one of STS, besides (ECR Public user guide, registry authentication).
    const actions =
      failure.service === 'ECR Public'
        ? 'ecr-public:GetAuthorizationToken and sts:GetServiceBearerToken'
        : action
    return `Allow ${actions} with "Resource": "*" in the policy of the role.`
  }
  if (/no resource-based policy allows/.test(failure.message)) {
    return `Allow ${action} in the repository policy of "${place.repository ?? ''}": it belongs to another account.`
  }
  return `Allow ${action} on ${resource} in the policy of the role.`
}

/** ECR Public's have no region, and a name without the alias of the registry. */
function resourceOf(
  { service }: AwsFailure,
  { region, accountId = 'ACCOUNT', repository = '*' }: EcrPlace,
): string {
  return service === 'ECR Public'
    ? `arn:aws:ecr-public::${accountId}:repository/${repository.slice(repository.indexOf('/') + 1)}`
    : `arn:${partitionOf(region)}:ecr:${region}:${accountId}:repository/${repository}`
}

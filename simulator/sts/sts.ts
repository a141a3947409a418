import { createHash } from 'node:crypto'

import type { JWTPayload } from 'jose'

import type { Clock } from '../clock/clock.ts'
import type { Iam, Role } from '../iam/iam.ts'
import type { Context } from '../iam/policy/condition.ts'
import { refusalOf } from '../iam/policy/decide.ts'
import type { Principal } from '../iam/principal.ts'
import { isTrusted } from '../iam/trust-policy.ts'
import { stringMember } from '../wire/members.ts'
import type { QueryService } from '../wire/query-service.ts'
import { ServiceError, type Call, type JsonObject } from '../wire/service.ts'
import { packedPolicySize } from './packed-space.ts'
import { durationSeconds, required, sessionName } from './parameters.ts'
import { sessionPolicies, type SessionPolicies } from './session-policies.ts'
import { sessionTags, type SessionTags } from './session-tags.ts'
import { verifyWebIdentity, type IdentityProvider } from './web-identity.ts'

/** A role assumed by a role may not hold it for longer. */
const CHAINED_SECONDS = 3600

/** What a caller wants of a session, whoever it is. */
interface SessionRequest {
  readonly name: string
  readonly seconds: number
  readonly policies: SessionPolicies
  readonly tags: SessionTags
  readonly packedPercent: number
}

/** AWS STS: turns proofs of identity into credentials that expire. */
export class Sts implements QueryService {
  readonly signingName = 'sts'
  readonly version = '2011-06-15'
  readonly namespace = 'https://sts.amazonaws.com/doc/2011-06-15/'
  /** Providers that the account knows; a test may take one away. */
  readonly providers: IdentityProvider[]
  /** Regions in which the account has not activated STS. */
  readonly disabledRegions = new Set<string>()
  /** Room for session policies and tags; AWS does not publish its own. */
  packedSpaceBytes = 2048
  readonly #clock: Clock
  readonly #iam: Iam

  constructor(clock: Clock, iam: Iam, providers: readonly IdentityProvider[]) {
    this.#clock = clock
    this.#iam = iam
    this.providers = [...providers]
  }

  readonly operations = {
    AssumeRole: (input: JsonObject, call: Call): JsonObject => this.#assumeRole(input, call),
    GetCallerIdentity: (_input: JsonObject, { caller }: Call): JsonObject => {
      this.#checkRegion(caller.region, caller.accountId)
      return {
        Account: caller.accountId,
        Arn: caller.arn,
        UserId: this.#iam.principal(caller.accessKeyId)?.userId ?? '',
      }
    },
  }

  readonly anonymous = {
    AssumeRoleWithWebIdentity: (input: JsonObject): Promise<JsonObject> =>
      this.#assumeRoleWithWebIdentity(input),
  }

  loggable(input: JsonObject): JsonObject {
    const token = stringMember(input, 'WebIdentityToken')
    if (token === undefined) return input
    const digest = createHash('sha256').update(token).digest('hex')
    return { ...input, WebIdentityToken: `sha256:${digest}` }
  }

  async #assumeRoleWithWebIdentity(input: JsonObject): Promise<JsonObject> {
    const roleArn = required(input, 'RoleArn')
    const request = this.#readRequest(input, undefined)
    const token = required(input, 'WebIdentityToken')
    this.#checkRegion(this.#iam.place.region, roleArn.split(':')[4] ?? '')
    const claims = await verifyWebIdentity(token, this.providers, this.#clock.now())
    const role = this.#iam.role(roleArn)
    const action = 'sts:AssumeRoleWithWebIdentity'
    const provider = providerArn(roleArn, claims.iss)
    const asked = { action, principals: [provider], context: claimsContext(claims, request.name) }
    if (role === undefined || !isTrusted(role.trustPolicy, asked)) {
      throw new ServiceError('AccessDenied', `Not authorized to perform ${action}`, 403)
    }
    checkMaximum(role, request.seconds)
    return {
      ...this.#open(role, request),
      SubjectFromWebIdentityToken: claims.sub,
      Audience: claims.aud,
      Provider: provider,
    }
  }

  #assumeRole(input: JsonObject, { caller }: Call): JsonObject {
    const roleArn = required(input, 'RoleArn')
    const asker = this.#iam.principal(caller.accessKeyId)
    const request = this.#readRequest(input, asker)
    this.#checkRegion(caller.region, caller.accountId)
    const role = this.#iam.role(roleArn)
    const context = {
      'sts:ExternalId': stringMember(input, 'ExternalId'),
      'sts:RoleSessionName': request.name,
      'sts:SourceIdentity': stringMember(input, 'SourceIdentity'),
    }
    const sourceIdentity = stringMember(input, 'SourceIdentity')
    const actions = [
      'sts:AssumeRole',
      ...(request.tags.given ? ['sts:TagSession'] : []),
      ...(sourceIdentity === undefined ? [] : ['sts:SetSourceIdentity']),
    ]
    if (role === undefined || asker === undefined) {
      throw notAuthorized(caller.arn, 'sts:AssumeRole', roleArn)
    }
    for (const action of actions) checkAssumable(asker, role, action, context)
    if (asker.roleArn !== undefined && request.seconds > CHAINED_SECONDS) {
      throw new ServiceError(
        'ValidationError',
        'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
      )
    }
    checkMaximum(role, request.seconds)
    return {
      ...this.#open(role, request),
      ...(sourceIdentity !== undefined && { SourceIdentity: sourceIdentity }),
    }
  }

  #readRequest(input: JsonObject, asker: Principal | undefined): SessionRequest {
    const policies = sessionPolicies(input, this.#iam)
    const tags = sessionTags(input, asker)
    return {
      name: sessionName(input),
      seconds: durationSeconds(input),
      policies,
      tags,
      packedPercent: packedPolicySize(policies, tags, this.packedSpaceBytes),
    }
  }

  #open(role: Role, request: SessionRequest): JsonObject {
    const { name, seconds, policies, tags, packedPercent } = request
    const key = this.#iam.openSession(role, {
      name,
      durationSeconds: seconds,
      policies: policies.policies,
      tags: tags.tags,
      transitiveTagKeys: tags.transitiveTagKeys,
    })
    return {
      Credentials: {
        AccessKeyId: key.accessKeyId,
        SecretAccessKey: key.secretAccessKey,
        SessionToken: key.sessionToken,
        Expiration: new Date(key.expiresAtMs).toISOString().replace(/\.\d+Z$/, 'Z'),
      },
      AssumedRoleUser: { AssumedRoleId: `${role.roleId}:${name}`, Arn: key.principal.arn },
      // The older member and the one that has replaced it.
      ...(packedPercent > 0 && { PackedPolicySize: packedPercent }),
      SessionTokenUtilization: packedPercent,
      SessionTokenSize: Buffer.byteLength(key.sessionToken),
    }
  }

  #checkRegion(region: string, accountId: string): void {
    if (!this.disabledRegions.has(region)) return
    throw new ServiceError(
      'RegionDisabledException',
      `STS is not activated in this region for account:${accountId}. Your account administrator ` +
        'can activate STS in this region using the IAM Console.',
      403,
    )
  }
}

/**
 * The trust policy has to let the asker in; the asker's own policies have to allow it, too, unless
 * the trust policy names it itself within the account.
 */
function checkAssumable(asker: Principal, role: Role, action: string, context: Context): void {
  const { arn, accountId, roleArn = arn } = asker
  const names = [arn, roleArn, accountId, `arn:aws:iam::${accountId}:root`]
  if (!isTrusted(role.trustPolicy, { action, principals: names, context })) {
    throw notAuthorized(arn, action, role.arn)
  }
  const request = { action, resource: role.arn, context }
  const owner = role.arn.split(':')[4] ?? ''
  const refusal = refusalOf(asker, request, { accountId: owner, policy: role.trustPolicy })
  if (refusal !== undefined) throw notAuthorized(arn, action, role.arn, ` ${refusal}`)
}

function notAuthorized(caller: string, action: string, roleArn: string, reason = ''): ServiceError {
  const message = `User: ${caller} is not authorized to perform: ${action} on resource: ${roleArn}`
  return new ServiceError('AccessDenied', message + reason, 403)
}

function checkMaximum(role: Role, seconds: number): void {
  if (seconds <= role.maxSessionDurationSeconds) return
  throw new ServiceError(
    'ValidationError',
    'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
  )
}

function hostOf(issuer: string): string {
  return issuer.replace(/^https?:\/\//, '')
}

function providerArn(roleArn: string, issuer: string): string {
  const accountId = roleArn.split(':')[4] ?? ''
  return `arn:aws:iam::${accountId}:oidc-provider/${hostOf(issuer)}`
}

/** The condition keys of a token: `token.actions.githubusercontent.com:sub` and its like. */
function claimsContext(
  claims: JWTPayload & { readonly iss: string },
  sessionName: string,
): Record<string, string> {
  const host = hostOf(claims.iss)
  const context: Record<string, string> = { 'sts:RoleSessionName': sessionName }
  for (const [name, value] of Object.entries(claims)) {
    if (typeof value === 'string') context[`${host}:${name}`] = value
  }
  return context
}

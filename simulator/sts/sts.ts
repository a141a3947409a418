import { createHash } from 'node:crypto'

import type { JWTPayload } from 'jose'

import type { Clock } from '../clock/clock.ts'
import type { Iam, Role } from '../iam/iam.ts'
import { isTrusted } from '../iam/trust-policy.ts'
import { objectsMember, stringMember } from '../wire/members.ts'
import type { QueryService } from '../wire/query-service.ts'
import { ServiceError, type Call, type JsonObject } from '../wire/service.ts'
import { durationSeconds, required, sessionName, sessionPolicy } from './parameters.ts'
import { verifyWebIdentity, type IdentityProvider } from './web-identity.ts'

/** A role assumed by a role may not hold it for longer. */
const CHAINED_SECONDS = 3600

/** AWS STS: turns proofs of identity into credentials that expire. */
export class Sts implements QueryService {
  readonly signingName = 'sts'
  readonly version = '2011-06-15'
  readonly namespace = 'https://sts.amazonaws.com/doc/2011-06-15/'
  /** Providers that the account knows; a test may take one away. */
  readonly providers: IdentityProvider[]
  readonly #clock: Clock
  readonly #iam: Iam

  constructor(clock: Clock, iam: Iam, providers: readonly IdentityProvider[]) {
    this.#clock = clock
    this.#iam = iam
    this.providers = [...providers]
  }

  readonly operations = {
    AssumeRole: (input: JsonObject, call: Call): JsonObject => this.#assumeRole(input, call),
    GetCallerIdentity: (_input: JsonObject, { caller }: Call): JsonObject => ({
      Account: caller.accountId,
      Arn: caller.arn,
      UserId: this.#iam.principal(caller.accessKeyId)?.userId ?? '',
    }),
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
    const name = sessionName(input)
    const seconds = durationSeconds(input)
    const token = required(input, 'WebIdentityToken')
    const policy = sessionPolicy(input)
    const claims = await verifyWebIdentity(token, this.providers, this.#clock.now())
    const role = this.#iam.role(roleArn)
    const action = 'sts:AssumeRoleWithWebIdentity'
    const provider = providerArn(roleArn, claims.iss)
    const request = { action, principals: [provider], context: claimsContext(claims) }
    if (role === undefined || !isTrusted(role.trustPolicy, request)) {
      throw new ServiceError('AccessDenied', `Not authorized to perform ${action}`, 403)
    }
    checkMaximum(role, seconds)
    return {
      ...this.#open(role, name, this.#iam.openSession(role, name, seconds, policy)),
      SubjectFromWebIdentityToken: claims.sub,
      Audience: claims.aud,
      Provider: provider,
    }
  }

  #assumeRole(input: JsonObject, { caller }: Call): JsonObject {
    const roleArn = required(input, 'RoleArn')
    const name = sessionName(input)
    const seconds = durationSeconds(input)
    const policy = sessionPolicy(input)
    const role = this.#iam.role(roleArn)
    const asker = this.#iam.principal(caller.accessKeyId)
    const account = `arn:aws:iam::${caller.accountId}:root`
    const principals = [caller.arn, asker?.roleArn ?? caller.arn, account, caller.accountId]
    const context = { 'sts:ExternalId': stringMember(input, 'ExternalId') }
    const tags = objectsMember(input, 'Tags') ?? []
    const actions = tags.length > 0 ? ['sts:AssumeRole', 'sts:TagSession'] : ['sts:AssumeRole']
    for (const action of actions) {
      if (role !== undefined && isTrusted(role.trustPolicy, { action, principals, context }))
        continue
      throw notAuthorized(caller.arn, action, roleArn)
    }
    if (role === undefined) throw notAuthorized(caller.arn, 'sts:AssumeRole', roleArn)
    if (asker?.roleArn !== undefined && seconds > CHAINED_SECONDS) {
      throw new ServiceError(
        'ValidationError',
        'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
      )
    }
    checkMaximum(role, seconds)
    return this.#open(role, name, this.#iam.openSession(role, name, seconds, policy))
  }

  #open(role: Role, name: string, key: ReturnType<Iam['openSession']>): JsonObject {
    return {
      Credentials: {
        AccessKeyId: key.accessKeyId,
        SecretAccessKey: key.secretAccessKey,
        SessionToken: key.sessionToken,
        Expiration: new Date(key.expiresAtMs).toISOString().replace(/\.\d+Z$/, 'Z'),
      },
      AssumedRoleUser: { AssumedRoleId: `${role.roleId}:${name}`, Arn: key.principal.arn },
    }
  }
}

function notAuthorized(caller: string, action: string, roleArn: string): ServiceError {
  const message = `User: ${caller} is not authorized to perform: ${action} on resource: ${roleArn}`
  return new ServiceError('AccessDenied', message, 403)
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
function claimsContext(claims: JWTPayload & { readonly iss: string }): Record<string, string> {
  const host = hostOf(claims.iss)
  const context: Record<string, string> = {}
  for (const [name, value] of Object.entries(claims)) {
    if (typeof value === 'string') context[`${host}:${name}`] = value
  }
  return context
}

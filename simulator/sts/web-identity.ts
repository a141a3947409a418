import {
  createLocalJWKSet,
  decodeJwt,
  errors,
  jwtVerify,
  type JSONWebKeySet,
  type JWTPayload,
} from 'jose'

import { ServiceError } from '../wire/service.ts'

/** An OpenID Connect provider that the account trusts, as `iam:CreateOpenIDConnectProvider` makes it. */
export interface IdentityProvider {
  /** The `iss` claim of its tokens. */
  readonly issuer: string
  /** Audiences it may speak to. */
  readonly clientIds: readonly string[]
  /** Fetches its public keys; a rejection is the provider's fault. */
  keys(): Promise<JSONWebKeySet>
}

/** Verifies a web identity token as STS does; throws STS's refusals. */
export async function verifyWebIdentity(
  token: string,
  providers: readonly IdentityProvider[],
  nowMs: number,
): Promise<JWTPayload & { readonly iss: string; readonly sub: string; readonly aud: string }> {
  const issuer = issuerOf(token)
  const provider = providers.find((candidate) => candidate.issuer === issuer)
  if (provider === undefined) {
    throw invalid(`No OpenIDConnect provider found in your account for ${issuer}`)
  }
  const claims = await verify(token, provider, nowMs)
  const { sub, aud } = claims
  if (typeof aud !== 'string' || !provider.clientIds.includes(aud)) {
    throw invalid('Incorrect token audience')
  }
  if (sub === undefined) throw invalid('Missing a required claim: sub')
  return { ...claims, iss: issuer, sub, aud }
}

function issuerOf(token: string): string {
  try {
    return decodeJwt(token).iss ?? ''
  } catch (cause) {
    if (!(cause instanceof errors.JWTInvalid)) throw cause
    throw invalid(
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    )
  }
}

async function verify(
  token: string,
  provider: IdentityProvider,
  nowMs: number,
): Promise<JWTPayload> {
  const keys = await keysOf(provider)
  try {
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
      algorithms: ['RS256'],
      currentDate: new Date(nowMs),
      requiredClaims: ['exp', 'iat'],
    })
    return payload
  } catch (cause) {
    if (cause instanceof errors.JWTExpired) throw expired(cause.payload, nowMs)
    if (cause instanceof errors.JWKSNoMatchingKey) throw unverifiable()
    if (cause instanceof errors.JOSEError) throw invalid('Invalid token signature')
    throw cause
  }
}

async function keysOf(provider: IdentityProvider): Promise<JSONWebKeySet> {
  try {
    return await provider.keys()
  } catch {
    // Whatever went wrong at the provider, this is all that STS tells.
    throw unverifiable()
  }
}

function unverifiable(): ServiceError {
  return invalid(
    "Couldn't retrieve verification key from your identity provider,  please reference " +
      'AssumeRoleWithWebIdentity documentation for requirements',
  )
}

function expired({ exp = 0 }: JWTPayload, nowMs: number): ServiceError {
  const message =
    `Token expired: current date/time ${String(Math.floor(nowMs / 1000))} must be before the ` +
    `expiration date/time ${String(exp)}`
  return new ServiceError('ExpiredTokenException', message)
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidIdentityToken', message)
}

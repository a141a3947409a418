import { randomBytes } from 'node:crypto'

import type { Clock } from '../clock/clock.ts'
import { parseAuthorization } from '../wire/authorization.ts'
import { authenticationFailure, type Protocol } from '../wire/authentication-failure.ts'
import type { Gate } from '../wire/gate.ts'
import { ServiceError, type Caller, type JsonObject } from '../wire/service.ts'
import { isSignedWith, type SignableRequest } from '../wire/signature.ts'
import { secretAccessKey, uniqueId } from './identifier.ts'
import type { AccessKey, Grant, Principal } from './principal.ts'
import { permissionsFor, type Permission, type Place } from './resource.ts'
import { validateTrustPolicy, type TrustPolicy } from './trust-policy.ts'
import { matchesWildcard } from './wildcard.ts'

/** A role; `allow` may be changed at any time and holds for sessions that are open already. */
export interface Role extends Grant {
  readonly name: string
  readonly arn: string
  readonly roleId: string
  readonly trustPolicy: TrustPolicy
  readonly maxSessionDurationSeconds: number
}

export interface RoleOptions {
  readonly name: string
  readonly trustPolicy: TrustPolicy
  /** Exactly these actions (`ecr:*` and the like); without it everything. */
  readonly allow?: readonly string[]
  /** Default 3600. */
  readonly maxSessionDurationSeconds?: number
}

export interface UserOptions {
  readonly name: string
  readonly allow?: readonly string[]
  /** Made up when absent. */
  readonly accessKeyId?: string
  readonly secretAccessKey?: string
}

/** Knows roles, users, access keys and what each may do. */
export class Iam implements Gate {
  readonly #clock: Clock
  readonly #place: Place
  readonly #roles = new Map<string, Role>()
  readonly #keys = new Map<string, AccessKey>()

  constructor(clock: Clock, place: Place) {
    this.#clock = clock
    this.#place = place
  }

  get roles(): readonly Role[] {
    return [...this.#roles.values()]
  }

  role(arn: string): Role | undefined {
    return this.#roles.get(arn)
  }

  addRole(options: RoleOptions): Role {
    validateTrustPolicy(options.trustPolicy)
    const role: Role = {
      name: options.name,
      arn: `arn:aws:iam::${this.#place.accountId}:role/${options.name}`,
      roleId: uniqueId('AROA'),
      trustPolicy: options.trustPolicy,
      maxSessionDurationSeconds: options.maxSessionDurationSeconds ?? 3600,
      allow: options.allow,
    }
    this.#roles.set(role.arn, role)
    return role
  }

  /** A user with a static access key. */
  addUser(options: UserOptions): AccessKey {
    const { accountId } = this.#place
    const principal: Principal = {
      arn: `arn:aws:iam::${accountId}:user/${options.name}`,
      accountId,
      userId: uniqueId('AIDA'),
      grants: [{ allow: options.allow }],
    }
    return this.#addKey({
      accessKeyId: options.accessKeyId ?? uniqueId('AKIA'),
      secretAccessKey: options.secretAccessKey ?? secretAccessKey(),
      principal,
    })
  }

  /** Forgets a key: its next use is refused as that of an unknown one. */
  removeKey(accessKeyId: string): void {
    this.#keys.delete(accessKeyId)
  }

  /** Roles and who can sign, for the control route; no secret is in it. */
  state(): JsonObject {
    const roles = this.roles.map(({ arn, allow }): JsonObject => ({
      arn,
      allow: allow === undefined ? null : [...allow],
    }))
    const keys = [...this.#keys.values()].map(({ accessKeyId, principal, expiresAtMs }) => ({
      accessKeyId,
      arn: principal.arn,
      expiresAtMs: expiresAtMs ?? null,
    }))
    return { roles, keys }
  }

  /** Credentials of a new session of `role`, further limited by `sessionPolicy`. */
  openSession(
    role: Role,
    sessionName: string,
    durationSeconds: number,
    sessionPolicy?: Grant,
  ): AccessKey & { readonly sessionToken: string; readonly expiresAtMs: number } {
    const { accountId } = this.#place
    const principal: Principal = {
      arn: `arn:aws:sts::${accountId}:assumed-role/${role.name}/${sessionName}`,
      accountId,
      userId: `${role.roleId}:${sessionName}`,
      grants: sessionPolicy === undefined ? [role] : [role, sessionPolicy],
      roleArn: role.arn,
    }
    return this.#addKey({
      accessKeyId: uniqueId('ASIA'),
      secretAccessKey: secretAccessKey(),
      sessionToken: randomBytes(180).toString('base64'),
      expiresAtMs: this.#clock.now() + durationSeconds * 1000,
      principal,
    })
  }

  principal(accessKeyId: string): Principal | undefined {
    return this.#keys.get(accessKeyId)?.principal
  }

  nameOf(request: SignableRequest): string | undefined {
    const authorization = parseAuthorization(request.headers['authorization'] ?? '')
    return this.principal(authorization?.accessKeyId ?? '')?.arn
  }

  authenticate(request: SignableRequest, service: string, protocol: Protocol): Caller {
    const header = request.headers['authorization']
    if (header === undefined) throw authenticationFailure('missing', protocol)
    const authorization = parseAuthorization(header)
    if (authorization === undefined) throw authenticationFailure('incomplete', protocol)
    const { accessKeyId, region } = authorization
    if (authorization.service !== service) {
      const message = `Credential should be scoped to correct service: '${service}'. `
      throw authenticationFailure('scope', protocol, message)
    }
    // STS answers in every region; the other services live in the simulator's one.
    if (region !== this.#place.region && service !== 'sts') {
      throw authenticationFailure('scope', protocol)
    }
    const key = this.#keys.get(accessKeyId)
    if (key === undefined || key.sessionToken !== request.headers['x-amz-security-token']) {
      throw authenticationFailure('unknown-key', protocol)
    }
    if (!isSignedWith(key.secretAccessKey, request, authorization)) {
      throw authenticationFailure('mismatch', protocol)
    }
    if (key.expiresAtMs !== undefined && this.#clock.now() >= key.expiresAtMs) {
      throw authenticationFailure('expired', protocol)
    }
    const { arn, accountId } = key.principal
    return { accessKeyId, accountId, arn, region }
  }

  authorize(caller: Caller, service: string, operation: string, input: JsonObject): void {
    // AWS: no permission is needed to ask who one is.
    if (service === 'sts' && operation === 'GetCallerIdentity') return
    const code = service === 'sts' ? 'AccessDenied' : 'AccessDeniedException'
    for (const permission of permissionsFor(service, operation, input, this.#place)) {
      const denial = this.denial(caller.accessKeyId, permission)
      if (denial !== undefined) throw new ServiceError(code, denial, service === 'sts' ? 403 : 400)
    }
  }

  /** AWS's sentence when the key's principal may not; undefined when it may. */
  denial(accessKeyId: string, { action, resource }: Permission): string | undefined {
    const principal = this.principal(accessKeyId)
    const permits = (grant: Grant): boolean =>
      grant.allow === undefined || grant.allow.some((pattern) => matchesWildcard(pattern, action))
    if (principal?.grants.every(permits) === true) return undefined
    const sessionPolicy = principal?.grants[0] !== undefined && permits(principal.grants[0])
    const policy = sessionPolicy ? 'session' : 'identity-based'
    return (
      `User: ${principal?.arn ?? 'anonymous'} is not authorized to perform: ${action} on ` +
      `resource: ${resource} because no ${policy} policy allows the ${action} action`
    )
  }

  #addKey<T extends AccessKey>(key: T): T {
    this.#keys.set(key.accessKeyId, key)
    return key
  }
}

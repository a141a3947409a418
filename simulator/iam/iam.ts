import { randomBytes } from 'node:crypto'

import type { Clock } from '../clock/clock.ts'
import type { Protocol } from '../wire/authentication-failure.ts'
import type { Gate } from '../wire/gate.ts'
import { ServiceError, type Caller, type JsonObject } from '../wire/service.ts'
import type { SignableRequest } from '../wire/signature.ts'
import { AccessKeys } from './access-keys.ts'
import { secretAccessKey, uniqueId } from './identifier.ts'
import type { Permission } from './permissions/permission.ts'
import type { Place } from './place.ts'
import type { Context } from './policy/condition.ts'
import { refusalOf } from './policy/decide.ts'
import { readPolicy, type Policy } from './policy/document.ts'
import type { AccessKey, Grant, Principal } from './principal.ts'
import { permissionsFor } from './resource.ts'
import { Roles, type Role, type RoleOptions } from './roles.ts'

export type { Role, RoleOptions } from './roles.ts'

export interface UserOptions {
  readonly name: string
  /** Exactly these actions (`ecr:*` and the like); without it and `policy` everything. */
  readonly allow?: readonly string[]
  /** A policy document in IAM's JSON. */
  readonly policy?: JsonObject
  /** Default: the simulator's account. */
  readonly accountId?: string
  /** Made up when absent. */
  readonly accessKeyId?: string
  readonly secretAccessKey?: string
}

/** What a session is beside its role's. */
export interface SessionOptions {
  readonly name: string
  readonly durationSeconds: number
  /** Together they limit what the role allows. */
  readonly policies?: readonly Policy[]
  readonly tags?: Readonly<Record<string, string>>
  /** Tags that go on to sessions that this one opens. */
  readonly transitiveTagKeys?: readonly string[]
}

/** Tells the policy of the resource with an ARN; undefined is a resource that is not there. */
export type ResourcePolicies = (arn: string) => { readonly policy: Policy | undefined } | undefined

/** Knows roles, users, access keys and what each may do. */
export class Iam implements Gate {
  readonly place: Place
  /** Regions in which ECR answers beside the simulator's own. */
  readonly furtherRegions = new Set<string>()
  readonly #clock: Clock
  readonly #roles: Roles
  readonly #keys: AccessKeys
  /** By the service in a resource's ARN. */
  readonly #resourcePolicies = new Map<string, ResourcePolicies>()

  constructor(clock: Clock, place: Place) {
    this.#clock = clock
    this.place = place
    this.#roles = new Roles(place)
    this.#keys = new AccessKeys(clock)
  }

  get roles(): readonly Role[] {
    return this.#roles.all
  }

  role(arn: string): Role | undefined {
    return this.#roles.find(arn)
  }

  addRole(options: RoleOptions): Role {
    return this.#roles.add(options)
  }

  /** A managed policy of the account; its ARN is what a session names it by. */
  addManagedPolicy(name: string, document: JsonObject): string {
    return this.#roles.addManagedPolicy(name, document)
  }

  managedPolicy(arn: string): Policy | undefined {
    return this.#roles.managedPolicy(arn)
  }

  /** From now on the resources of `service` have policies of their own. */
  attachResourcePolicies(service: string, policies: ResourcePolicies): void {
    this.#resourcePolicies.set(service, policies)
  }

  /** A user with a static access key. */
  addUser(options: UserOptions): AccessKey {
    const accountId = options.accountId ?? this.place.accountId
    const arn = `arn:aws:iam::${accountId}:user/${options.name}`
    return this.#addStaticKey({ arn, accountId, userId: uniqueId('AIDA') }, options)
  }

  /** An access key of the account's root user, who may do everything. */
  addRootKey(): AccessKey {
    const { accountId } = this.place
    const arn = `arn:aws:iam::${accountId}:root`
    return this.#addStaticKey({ arn, accountId, userId: accountId }, {})
  }

  /** Forgets a key: its next use is refused as that of an unknown one. */
  removeKey(accessKeyId: string): void {
    this.#keys.remove(accessKeyId)
  }

  /** Roles and who can sign, for the control route; no secret is in it. */
  state(): JsonObject {
    const roles = this.roles.map(({ arn, allow }): JsonObject => ({
      arn,
      allow: allow === undefined ? null : [...allow],
    }))
    const keys = this.#keys.all.map(({ accessKeyId, principal, expiresAtMs }) => ({
      accessKeyId,
      arn: principal.arn,
      expiresAtMs: expiresAtMs ?? null,
    }))
    return { roles, keys }
  }

  /** Credentials of a new session of `role`. */
  openSession(
    role: Role,
    { name, durationSeconds, policies = [], tags = {}, transitiveTagKeys = [] }: SessionOptions,
  ): AccessKey & { readonly sessionToken: string; readonly expiresAtMs: number } {
    const accountId = role.arn.split(':')[4] ?? ''
    const principal: Principal = {
      arn: `arn:aws:sts::${accountId}:assumed-role/${role.name}/${name}`,
      accountId,
      userId: `${role.roleId}:${name}`,
      grant: role,
      ...(policies.length > 0 && { sessionPolicies: policies }),
      tags,
      transitiveTagKeys,
      roleArn: role.arn,
    }
    return this.#keys.add({
      accessKeyId: uniqueId('ASIA'),
      secretAccessKey: secretAccessKey(),
      sessionToken: randomBytes(180).toString('base64'),
      expiresAtMs: this.#clock.now() + durationSeconds * 1000,
      principal,
    })
  }

  principal(accessKeyId: string): Principal | undefined {
    return this.#keys.find(accessKeyId)?.principal
  }

  nameOf(request: SignableRequest): string | undefined {
    return this.#keys.claimedBy(request)?.principal.arn
  }

  authenticate(request: SignableRequest, service: string, protocol: Protocol): Caller {
    const { key, region } = this.#keys.verify(request, service, protocol, (asked) =>
      this.#answersIn(service, asked),
    )
    const { arn, accountId } = key.principal
    return { accessKeyId: key.accessKeyId, accountId, arn, region }
  }

  authorize(caller: Caller, service: string, operation: string, input: JsonObject): void {
    // STS asks trust policies itself, and anybody may ask who he is.
    if (service === 'sts') return
    const { accountId, region } = caller
    for (const permission of permissionsFor(service, operation, input, { accountId, region })) {
      const denial = this.denial(caller.accessKeyId, permission)
      if (denial !== undefined) throw new ServiceError('AccessDeniedException', denial)
    }
  }

  /** AWS's sentence when the key's principal may not; undefined when it may. */
  denial(accessKeyId: string, { action, resource, context = {} }: Permission): string | undefined {
    const principal = this.principal(accessKeyId)
    const sentence =
      `User: ${principal?.arn ?? 'anonymous'} is not authorized to perform: ${action} on ` +
      `resource: ${resource} `
    if (principal === undefined) {
      return `${sentence}because no identity-based policy allows the ${action} action`
    }
    const [, , service = '', , accountId = ''] = resource.split(':')
    // Of what is not there nobody is the owner: the service itself says that it is missing.
    const found = this.#resourcePolicies.get(service)?.(resource)
    const reason = refusalOf(
      principal,
      { action, resource, context: { ...principalContext(principal), ...context } },
      found === undefined ? {} : { accountId, policy: found.policy },
    )
    return reason === undefined ? undefined : sentence + reason
  }

  /** STS answers in every region, ECR where it was opened, the rest in the simulator's one. */
  #answersIn(service: string, region: string): boolean {
    if (service === 'sts' || region === this.place.region) return true
    return service === 'ecr' && this.furtherRegions.has(region)
  }

  #addStaticKey(
    principal: Omit<Principal, 'grant'>,
    options: Partial<Omit<UserOptions, 'name' | 'accountId'>>,
  ): AccessKey {
    const { allow, policy } = options
    const grant: Grant = { allow, policy: policy && readPolicy(policy) }
    return this.#keys.add({
      accessKeyId: options.accessKeyId ?? uniqueId('AKIA'),
      secretAccessKey: options.secretAccessKey ?? secretAccessKey(),
      principal: { ...principal, grant },
    })
  }
}

/** Global condition keys that speak of the asker. */
function principalContext({ arn, roleArn, accountId, tags = {} }: Principal): Context {
  const context: Record<string, string> = {
    'aws:PrincipalArn': roleArn ?? arn,
    'aws:PrincipalAccount': accountId,
  }
  for (const [key, value] of Object.entries(tags)) context[`aws:PrincipalTag/${key}`] = value
  return context
}

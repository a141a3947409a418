import type { JsonObject } from '../wire/service.ts'
import { uniqueId } from './identifier.ts'
import type { Place } from './place.ts'
import { readPolicy, type Policy } from './policy/document.ts'
import type { Grant } from './principal.ts'
import { readTrustPolicy, type TrustPolicy } from './trust-policy.ts'

/** A role; what it grants may be changed at any time and holds for sessions that are open already. */
export interface Role extends Grant {
  readonly name: string
  readonly arn: string
  readonly roleId: string
  readonly trustPolicy: Policy
  readonly maxSessionDurationSeconds: number
}

export interface RoleOptions {
  readonly name: string
  readonly trustPolicy: TrustPolicy
  /** Exactly these actions (`ecr:*` and the like); without it and `policy` everything. */
  readonly allow?: readonly string[]
  /** A policy document in IAM's JSON. */
  readonly policy?: JsonObject
  /** Default: the simulator's account. */
  readonly accountId?: string
  /** Default 3600. */
  readonly maxSessionDurationSeconds?: number
}

/** Roles and managed policies by ARN. */
export class Roles {
  readonly #place: Place
  readonly #roles = new Map<string, Role>()
  readonly #policies = new Map<string, Policy>()

  constructor(place: Place) {
    this.#place = place
  }

  get all(): readonly Role[] {
    return [...this.#roles.values()]
  }

  find(arn: string): Role | undefined {
    return this.#roles.get(arn)
  }

  /** @throws MalformedPolicy for a document that cannot be judged. */
  add({ name, trustPolicy, allow, policy, ...options }: RoleOptions): Role {
    const role: Role = {
      name,
      arn: `arn:aws:iam::${options.accountId ?? this.#place.accountId}:role/${name}`,
      roleId: uniqueId('AROA'),
      trustPolicy: readTrustPolicy(trustPolicy),
      maxSessionDurationSeconds: options.maxSessionDurationSeconds ?? 3600,
      allow,
      policy: policy && readPolicy(policy),
    }
    this.#roles.set(role.arn, role)
    return role
  }

  addManagedPolicy(name: string, document: JsonObject): string {
    const arn = `arn:aws:iam::${this.#place.accountId}:policy/${name}`
    this.#policies.set(arn, readPolicy(document))
    return arn
  }

  managedPolicy(arn: string): Policy | undefined {
    return this.#policies.get(arn)
  }
}

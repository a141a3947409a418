import type { Clock } from '../clock/clock.ts'
import { stringMember } from '../wire/members.ts'
import type { QueryService } from '../wire/query-service.ts'
import { ServiceError, type JsonObject } from '../wire/service.ts'
import type { Iam } from './iam.ts'
import { uniqueId } from './identifier.ts'

/** IAM as far as a deploy reads it: whether a role is there. */
export class RoleReads implements QueryService {
  readonly signingName = 'iam'
  readonly version = '2010-05-08'
  readonly namespace = 'https://iam.amazonaws.com/doc/2010-05-08/'
  readonly anonymous = {}
  readonly operations = { GetRole: (input: JsonObject): JsonObject => this.#getRole(input) }
  readonly #iam: Iam
  readonly #clock: Clock
  /** ARNs of roles that are in use, whoever made them. */
  readonly #used: () => readonly string[]

  constructor(iam: Iam, clock: Clock, used: () => readonly string[]) {
    this.#iam = iam
    this.#clock = clock
    this.#used = used
  }

  loggable(input: JsonObject): JsonObject {
    return input
  }

  #getRole(input: JsonObject): JsonObject {
    const RoleName = stringMember(input, 'RoleName') ?? ''
    const arns = [...this.#iam.roles.map(({ arn }) => arn), ...this.#used()]
    const Arn = arns.find((arn) => arn.split('/').at(-1) === RoleName)
    if (Arn === undefined) {
      const message = `The role with name ${RoleName} cannot be found.`
      throw new ServiceError('NoSuchEntity', message, 404)
    }
    const RoleId = this.#iam.role(Arn)?.roleId ?? uniqueId('AROA')
    const Path = `/${Arn.split('/').slice(1, -1).join('/')}`
    const CreateDate = new Date(this.#clock.now()).toISOString()
    return { Role: { Path: Path === '/' ? Path : `${Path}/`, RoleName, RoleId, Arn, CreateDate } }
  }
}

import { nameInArn } from '../../name-in-arn.ts'
import { stringAt, type JsonObject } from '../../json.ts'
import type { DefinitionPlan } from './service-plan.ts'

/** A role that a planned definition names and the service does not use yet. */
export interface NewRole {
  /** Without its path; no two roles of an account share it. */
  readonly name: string
  /** `executionRoleArn` or `taskRoleArn`. */
  readonly member: string
  /** As it is written. */
  readonly written: string
  /** Of the definition, for messages. */
  readonly origin: string
}

const members = ['executionRoleArn', 'taskRoleArn'] as const

/**
 * The roles of a definition that nothing proves to be there: what runs now has its own already.
 * @param accountId The caller's: ECS takes no role of another account, and IAM tells of none.
 */
export function newRoles(
  { source, planned, currentDefinition }: DefinitionPlan,
  accountId: string,
): readonly NewRole[] {
  const running = currentDefinition?.definition ?? {}
  const used = members.map((member) => nameOf(writtenAt(running, member), accountId))
  return members.flatMap((member) => {
    const written = planned.changes.task[member] ?? writtenAt(source.definition, member)
    const name = nameOf(written, accountId)
    if (name === undefined || used.includes(name)) return []
    return [{ name, member, written, origin: source.origin }]
  })
}

function writtenAt(definition: JsonObject, member: string): string {
  return stringAt(definition, member) ?? ''
}

/** ECS takes a bare name, too. */
function nameOf(written: string, accountId: string): string | undefined {
  const [, account = accountId, path = ''] =
    /^(?:arn:[^:]+:iam::(\d{12}):role\/)?([\w+=,.@/-]+)$/.exec(written) ?? []
  const name = nameInArn(path)
  return account === accountId && name !== '' ? name : undefined
}

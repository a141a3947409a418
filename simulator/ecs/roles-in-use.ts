import { stringMember } from '../wire/members.ts'
import type { Store } from './store.ts'

/** ARNs of the roles that task definitions name, in whatever state they are. */
export function rolesInUse({ taskDefinitions }: Store): readonly string[] {
  const definitions = [...taskDefinitions.values()].flat()
  return definitions.flatMap((definition) =>
    ['executionRoleArn', 'taskRoleArn'].flatMap(
      (member) => (definition && stringMember(definition.json, member)) ?? [],
    ),
  )
}

import type { JsonObject } from '../../json.ts'
import type { TaskChanges } from './changes.ts'

/** The definition with these roles and sizes; what is undefined stays as it is. */
export function setTaskMembers(definition: JsonObject, changes: TaskChanges): JsonObject {
  const { taskRoleArn, executionRoleArn, cpu, memory } = changes
  return {
    ...definition,
    ...(taskRoleArn !== undefined && { taskRoleArn }),
    ...(executionRoleArn !== undefined && { executionRoleArn }),
    ...(cpu !== undefined && { cpu }),
    ...(memory !== undefined && { memory }),
  }
}

import type { JsonObject } from '../../json.ts'

/** A container with these environment files and no others. @param arns Undefined: as it is. */
export function replaceEnvironmentFiles(
  container: JsonObject,
  arns: readonly string[] | undefined,
): JsonObject {
  if (arns === undefined) return container
  return { ...container, environmentFiles: arns.map((value) => ({ value, type: 's3' })) }
}

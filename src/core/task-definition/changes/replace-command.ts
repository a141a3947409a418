import type { JsonObject } from '../../json.ts'

/** A container with this command. @param command Undefined: as it is; empty: the image's own. */
export function replaceCommand(
  container: JsonObject,
  command: readonly string[] | undefined,
): JsonObject {
  return command === undefined ? container : { ...container, command }
}

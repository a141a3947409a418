import { isJsonObject, type Json, type JsonObject } from '../../json.ts'

/** The definition with `change` applied to the containers of these names. */
export function changeContainers(
  definition: JsonObject,
  names: ReadonlySet<string>,
  change: (container: JsonObject, name: string) => JsonObject,
): JsonObject {
  const containers = definition['containerDefinitions']
  if (!Array.isArray(containers) || names.size === 0) return definition
  const containerDefinitions = containers.map((container: Json) => {
    const name = isJsonObject(container) ? container['name'] : undefined
    return isJsonObject(container) && typeof name === 'string' && names.has(name)
      ? change(container, name)
      : container
  })
  return { ...definition, containerDefinitions }
}

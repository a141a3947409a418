import type { Json, JsonObject } from '../json.ts'
import { isJsonObject } from '../json.ts'
import type { TaskDefinitionSource } from '../plan/service-plan.ts'

/**
 * The members of DescribeTaskDefinition's answer that RegisterTaskDefinition does not accept.
 * Exactly these are dropped: a member that we do not know is one that we must not lose.
 */
export const responseOnlyMembers: ReadonlySet<string> = new Set([
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'deregisteredAt',
  'deleteRequestedAt',
  'registeredBy',
])

/**
 * The input of RegisterTaskDefinition: the source as it is, with `imageUri` in the named
 * containers. Empty values stay, for they mean something; tags are kept, which ECS gives beside
 * the definition and forgets unless they are sent again.
 */
export function renderTaskDefinition(
  source: TaskDefinitionSource,
  containerNames: readonly string[],
  imageUri: string | undefined,
): JsonObject {
  const kept = Object.entries(source.definition).filter(([name]) => !responseOnlyMembers.has(name))
  const definition: JsonObject = Object.fromEntries(kept)
  const withTags =
    definition['tags'] === undefined && source.tags.length > 0
      ? { ...definition, tags: source.tags }
      : definition
  if (imageUri === undefined) return withTags
  return { ...withTags, containerDefinitions: putImage(definition, containerNames, imageUri) }
}

function putImage(definition: JsonObject, names: readonly string[], image: string): Json {
  const containers = definition['containerDefinitions']
  if (!Array.isArray(containers)) return []
  return containers.map((container: Json) =>
    isJsonObject(container) && names.some((name) => name === container['name'])
      ? { ...container, image }
      : container,
  )
}

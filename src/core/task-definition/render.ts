import type { JsonObject } from '../json.ts'
import type { PlannedChanges, TaskDefinitionSource } from '../plan/service-plan.ts'
import { applyChanges } from './changes/apply-changes.ts'
import { setImages } from './changes/set-images.ts'

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
 * containers, and with the planned changes. Empty values stay, for they mean something; tags are kept, which ECS gives beside
 * the definition and forgets unless they are sent again.
 */
export function renderTaskDefinition(
  source: TaskDefinitionSource,
  containerNames: readonly string[],
  imageUri: string | undefined,
  planned: PlannedChanges,
): JsonObject {
  const kept = Object.entries(source.definition).filter(([name]) => !responseOnlyMembers.has(name))
  const definition: JsonObject = Object.fromEntries(kept)
  const withTags =
    definition['tags'] === undefined && source.tags.length > 0
      ? { ...definition, tags: source.tags }
      : definition
  const images = new Map(
    imageUri === undefined ? [] : containerNames.map((name) => [name, imageUri]),
  )
  return applyChanges(setImages(withTags, images), planned.changes, planned.containerNames)
}

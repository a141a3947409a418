import type { JsonObject } from '../json.ts'
import type { PlannedChanges, TaskDefinitionSource } from '../plan/service/service-plan.ts'
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
 * The input of RegisterTaskDefinition: the source as it is, with the images in their
 * containers, and with the planned changes. Empty values stay, for they mean something; tags are kept, which ECS gives beside
 * the definition and forgets unless they are sent again.
 * @param images By container name: the reference that it gets.
 */
export function renderTaskDefinition(
  source: TaskDefinitionSource,
  images: ReadonlyMap<string, string>,
  planned: PlannedChanges,
): JsonObject {
  const kept = Object.entries(source.definition).filter(([name]) => !responseOnlyMembers.has(name))
  const definition: JsonObject = Object.fromEntries(kept)
  const withTags =
    definition['tags'] === undefined && source.tags.length > 0
      ? { ...definition, tags: source.tags }
      : definition
  return applyChanges(setImages(withTags, images), planned.changes, planned.containerNames)
}

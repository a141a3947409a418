import type { JsonObject } from '../json.ts'
import { withOwnTag, withoutOwnTag } from '../task-definition/own-tag.ts'
import { renderTaskDefinition } from '../task-definition/render.ts'
import type { DefinitionPlan } from './service/service-plan.ts'

/**
 * The input of RegisterTaskDefinition. Only where older revisions are to go it has our tag.
 * @param images By container name: the reference that it gets.
 * @param repository Whose run registers it, `owner/name`.
 */
export function renderPlan(
  { source, planned, keepTaskDefinitions }: DefinitionPlan,
  images: ReadonlyMap<string, string>,
  repository: string,
): JsonObject {
  const input = renderTaskDefinition(source, images, planned)
  return keepTaskDefinitions === undefined ? withoutOwnTag(input) : withOwnTag(input, repository)
}

import { objectsAt, stringAt, type JsonObject } from '../json.ts'

/** Says which repository's runs registered a revision, and thereby who may deregister it. */
export const ownTagKey = 'steadyship:repository'

/** Whether the revision was registered by a run of `repository` (`owner/name`). */
export function isOwn(tags: readonly JsonObject[], repository: string): boolean {
  return tags.some((tag) => isOwnTag(tag) && stringAt(tag, 'value') === repository)
}

/** The definition with our tag, whosever was on its source. */
export function withOwnTag(definition: JsonObject, repository: string): JsonObject {
  const { tags, ...bare } = withoutOwnTag(definition)
  const others = objectsAt({ tags }, 'tags')
  return { ...bare, tags: [...others, { key: ownTagKey, value: repository }] }
}

/** The definition without our tag: what a source was tagged with says nothing of its copy. */
export function withoutOwnTag(definition: JsonObject): JsonObject {
  const { tags, ...bare } = definition
  const others = objectsAt({ tags }, 'tags').filter((tag) => !isOwnTag(tag))
  return others.length === 0 ? bare : { ...bare, tags: others }
}

function isOwnTag(tag: JsonObject): boolean {
  return stringAt(tag, 'key') === ownTagKey
}

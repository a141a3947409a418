import { objectsMember, stringMember } from '../../wire/members.ts'
import type { JsonObject } from '../../wire/service.ts'
import { isTagMutability, type TagMutability } from '../store/mutability.ts'
import { invalidParameter } from '../store/refusals.ts'
import type { RepositorySettings } from '../store/repository.ts'
import { required } from './target.ts'

const FILTER = /^[0-9a-zA-Z._*-]{1,128}$/
const MOST_FILTERS = 5
const MOST_WILDCARDS = 2

/** Which tags may move: `imageTagMutability` and its exclusion filters. */
export type TagMutabilitySettings = Pick<RepositorySettings, 'tagMutability' | 'exclusionFilters'>

/** Reads and checks the two members; MUTABLE unless given. */
export function tagMutabilityOf(input: JsonObject): TagMutabilitySettings {
  const tagMutability = stringMember(input, 'imageTagMutability') ?? 'MUTABLE'
  if (!isTagMutability(tagMutability)) {
    throw invalidParameter('imageTagMutability', 'Member must satisfy enum value set')
  }
  const filters = objectsMember(input, 'imageTagMutabilityExclusionFilters') ?? []
  checkNumber(tagMutability, filters.length)
  return { tagMutability, exclusionFilters: filters.map(filterOf) }
}

/** The two members as answers show them. */
export function tagMutabilityJson({
  tagMutability = 'MUTABLE',
  exclusionFilters = [],
}: Partial<TagMutabilitySettings>): JsonObject {
  const filters = exclusionFilters.map((filter) => ({ filterType: 'WILDCARD', filter }))
  return {
    imageTagMutability: tagMutability,
    ...(filters.length > 0 && { imageTagMutabilityExclusionFilters: filters }),
  }
}

function checkNumber(tagMutability: TagMutability, filters: number): void {
  const excluding = tagMutability.endsWith('_WITH_EXCLUSION')
  const constraint =
    excluding === filters > 0
      ? filters <= MOST_FILTERS
        ? undefined
        : `Member must have length less than or equal to ${String(MOST_FILTERS)}`
      : `Member must ${excluding ? 'not ' : ''}be empty when imageTagMutability is ${tagMutability}`
  if (constraint === undefined) return
  throw invalidParameter('imageTagMutabilityExclusionFilters', constraint)
}

function filterOf(value: JsonObject): string {
  const filter = required(value, 'filter')
  if (required(value, 'filterType') !== 'WILDCARD') {
    throw invalidParameter('filterType', 'Member must satisfy enum value set: [WILDCARD]')
  }
  if (!FILTER.test(filter) || filter.split('*').length - 1 > MOST_WILDCARDS) {
    throw invalidParameter('filter', "must satisfy regular expression '[0-9a-zA-Z._*-]{1,128}'")
  }
  return filter
}

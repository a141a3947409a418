import type { TagMutability } from './tag-mutability.ts'
import type { TagRule, TagRules } from '../naming/tag-rules/tag-rule.ts'
import { compileVersionTemplate } from '../naming/tag-rules/version-template.ts'

/** What ECR takes (PutImageTagMutability): filters of a repository, and wildcards of a filter. */
const maxFilters = 5
const maxWildcards = 2

/**
 * The tag mutability of a repository that we make: no tag can be moved but those that the rules
 * move. Where a rule may give any name, or there are more of them than ECR has filters for, all can.
 */
export function defaultMutability({ rules, flavor }: TagRules): TagMutability {
  const { prefix, suffix, latest } = flavor
  const names = rules.flatMap((rule) =>
    movingNames(rule).map((name) => `${rule.prefix ?? prefix}${name}${rule.suffix ?? suffix}`),
  )
  const latestName = `${flavor.prefixLatest ? prefix : ''}latest${flavor.suffixLatest ? suffix : ''}`
  const all = latest === 'false' ? names : [...names, latestName]
  const filters = [...new Set(all.map(toFilter))]
  if (filters.length === 0) return { tagMutability: 'IMMUTABLE', exclusionFilters: [] }
  if (filters.includes('*') || filters.length > maxFilters) {
    return { tagMutability: 'MUTABLE', exclusionFilters: [] }
  }
  return { tagMutability: 'IMMUTABLE_WITH_EXCLUSION', exclusionFilters: filters }
}

/** The names that a rule moves from image to image, as templates. */
function movingNames({ source }: TagRule): readonly string[] {
  switch (source.type) {
    case 'ref':
    case 'match':
      return ['*']
    case 'semver':
    case 'pep440':
      return compileVersionTemplate(source.pattern).full ? [] : [source.pattern]
    case 'sha':
      // A short one could move in theory only, and a filter for it would free the long ones.
      return []
    case 'raw':
      return [source.value]
    case 'edge':
      return ['edge']
    case 'schedule':
      return [source.pattern]
  }
}

/** A template as a wildcard filter: expressions, and what no tag has, are any text. */
function toFilter(template: string): string {
  const filter = template
    .replaceAll(/\{\{[^{}]*\}\}/g, '*')
    .replaceAll(/[^\w.*-]+/g, '-')
    .replaceAll(/\*+/g, '*')
  const parts = filter.split('*')
  if (parts.length - 1 <= maxWildcards) return filter
  return `${parts[0] ?? ''}*${parts.at(-1) ?? ''}`
}

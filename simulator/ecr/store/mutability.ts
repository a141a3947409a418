import { matchesWildcard } from '../../iam/wildcard.ts'

export type TagMutability =
  'MUTABLE' | 'IMMUTABLE' | 'IMMUTABLE_WITH_EXCLUSION' | 'MUTABLE_WITH_EXCLUSION'

const MUTABILITIES: readonly string[] = [
  'MUTABLE',
  'IMMUTABLE',
  'IMMUTABLE_WITH_EXCLUSION',
  'MUTABLE_WITH_EXCLUSION',
] satisfies readonly TagMutability[]

export function isTagMutability(text: string): text is TagMutability {
  return MUTABILITIES.includes(text)
}

/** Whether a tag, once given, cannot be given to another image. `filters` turn the rule around. */
export function isImmutable(
  tag: string,
  mutability: TagMutability,
  filters: readonly string[],
): boolean {
  const excluded = filters.some((filter) => matchesWildcard(filter, tag))
  switch (mutability) {
    case 'MUTABLE':
      return false
    case 'IMMUTABLE':
      return true
    case 'IMMUTABLE_WITH_EXCLUSION':
      return !excluded
    case 'MUTABLE_WITH_EXCLUSION':
      return excluded
  }
}

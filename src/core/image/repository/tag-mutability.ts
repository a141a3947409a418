/** How ECR treats a tag that is pushed twice. */
export interface TagMutability {
  /** `MUTABLE`, `IMMUTABLE`, or either `…_WITH_EXCLUSION`. */
  readonly tagMutability: string
  /** Wildcard patterns of the `…_WITH_EXCLUSION` forms; `*` is any run of characters. */
  readonly exclusionFilters: readonly string[]
}

/** Whether `tag`, once it is there, can never name another image (ECR user guide, tag mutability). */
export function isImmutable(tag: string, repository: TagMutability): boolean {
  const excluded = repository.exclusionFilters.some((filter) => matchesWildcard(tag, filter))
  switch (repository.tagMutability) {
    case 'IMMUTABLE':
      return true
    case 'IMMUTABLE_WITH_EXCLUSION':
      return !excluded
    case 'MUTABLE_WITH_EXCLUSION':
      return excluded
    default:
      return false
  }
}

function matchesWildcard(text: string, filter: string): boolean {
  const [first = '', ...rest] = filter.split('*')
  const last = rest.pop()
  if (last === undefined) return text === first
  if (text.length < first.length + last.length) return false
  if (!text.startsWith(first) || !text.endsWith(last)) return false
  const inner = text.slice(first.length, text.length - last.length)
  let from = 0
  for (const part of rest) {
    const at = inner.indexOf(part, from)
    if (at < 0) return false
    from = at + part.length
  }
  return true
}

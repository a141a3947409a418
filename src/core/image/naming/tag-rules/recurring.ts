import type { Flavor, TagRule, TemplateText } from './tag-rule.ts'
import { recursAsWritten, tellsRunsApart } from './template.ts'
import { compileVersionTemplate } from './version-template.ts'

/**
 * Whether a rule is sure to give one image after the other the same tag. What is taken from a git
 * tag, a date or a commit is new each time, or may be.
 */
export function isSureToRecur({ source, prefix, suffix }: TagRule, flavor: Flavor): boolean {
  if (tellsRunsApart(prefix ?? flavor.prefix) || tellsRunsApart(suffix ?? flavor.suffix))
    return false
  switch (source.type) {
    case 'semver':
    case 'pep440':
      return !compileVersionTemplate(source.pattern).full
    case 'ref':
      return source.event !== 'tag'
    case 'edge':
      return true
    case 'raw':
      return recursAsWritten(source.value)
    case 'schedule':
      return recursAsWritten(source.pattern)
    case 'match':
    case 'sha':
      return false
  }
}

/** As {@link isSureToRecur}, of `latest`. */
export function latestRecurs({ prefix, suffix, prefixLatest, suffixLatest }: Flavor): boolean {
  const parts: readonly TemplateText[] = [prefixLatest ? prefix : '', suffixLatest ? suffix : '']
  return !parts.some(tellsRunsApart)
}

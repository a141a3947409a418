import { parseAttributes } from './attributes.ts'
import type { Flavor } from './tag-rule.ts'
import { TagRuleError } from './tag-rule-error.ts'
import { compileRunTemplate } from './template.ts'

/** The flavor of docker/metadata-action, but for `latest`, which nobody gets unasked. */
export const plainFlavor: Flavor = {
  latest: 'false',
  prefix: '',
  suffix: '',
  prefixLatest: false,
  suffixLatest: false,
}

/**
 * Adds a line of `flavor`: `latest=auto`, `prefix=v,onlatest=true`, `suffix=-alpine`.
 * @throws TagRuleError
 */
export function withFlavorLine(flavor: Flavor, line: string): Flavor {
  let result = flavor
  let last: 'prefix' | 'suffix' | undefined
  for (const { key, value } of parseAttributes(line)) {
    switch (key) {
      case 'latest':
        result = { ...result, latest: latestOf(value) }
        break
      case 'prefix':
      case 'suffix':
        compileRunTemplate(value)
        result = { ...result, [key]: value }
        last = key
        break
      case 'onlatest':
        if (last === undefined) {
          throw new TagRuleError('has onlatest without a prefix or suffix before it')
        }
        result = { ...result, [`${last}Latest`]: booleanOf(value) }
        break
      default:
        throw new TagRuleError(`has "${key}"; a flavor has latest, prefix, suffix and onlatest`)
    }
  }
  return result
}

function latestOf(value: string): Flavor['latest'] {
  if (value === 'auto') return value
  return booleanOf(value) ? 'true' : 'false'
}

function booleanOf(value: string): boolean {
  const text = value.toLowerCase()
  if (text === 'true' || text === 'false') return text === 'true'
  throw new TagRuleError(`has "${value}" where true or false is expected`)
}

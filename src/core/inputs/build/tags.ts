import { parseTagRule } from '../../image/naming/tag-rules/parse-rule.ts'
import { plainFlavor, withFlavorLine } from '../../image/naming/tag-rules/parse-flavor.ts'
import type { Flavor, TagRules } from '../../image/naming/tag-rules/tag-rule.ts'
import { TagRuleError } from '../../image/naming/tag-rules/tag-rule-error.ts'
import type { InputReader } from '../reader.ts'

/**
 * How images are named. Each line that is wrong is told by itself.
 * @param shortShaLength Digits of a short commit, where they are not as many as usual.
 */
export function readTagRules(reader: InputReader, shortShaLength?: number): TagRules {
  const flavor = reader
    .lines('flavor')
    .reduce<Flavor>(
      (sum, line) => attempt(reader, 'flavor', line, () => withFlavorLine(sum, line)) ?? sum,
      plainFlavor,
    )
  const rules = reader
    .lines('tags')
    .flatMap((line) => attempt(reader, 'tags', line, () => parseTagRule(line)) ?? [])
  return { rules, flavor, shortShaLength }
}

function attempt<T>(
  reader: InputReader,
  input: string,
  line: string,
  parse: () => T,
): T | undefined {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof TagRuleError)) throw error
    reader.reject(input, error.message, line)
    return undefined
  }
}

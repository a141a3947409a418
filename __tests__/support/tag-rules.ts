import { plainFlavor, withFlavorLine } from '../../src/core/image/naming/tag-rules/parse-flavor.ts'
import { parseTagRule } from '../../src/core/image/naming/tag-rules/parse-rule.ts'
import type { TagRules } from '../../src/core/image/naming/tag-rules/tag-rule.ts'

/** Rules as lines of `tags` and `flavor` give them; without lines the defaults of the inputs. */
export function tagRules(
  tags: readonly string[] = ['type=sha,format=long', 'type=semver,pattern={{version}}'],
  flavor: readonly string[] = [],
): TagRules {
  return { rules: tags.map(parseTagRule), flavor: flavor.reduce(withFlavorLine, plainFlavor) }
}

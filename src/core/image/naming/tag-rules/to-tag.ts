import { TagRuleError } from './tag-rule-error.ts'

/** The limit of the OCI distribution specification; registries refuse the push otherwise. */
const maxLength = 128

/**
 * A name as an image tag: what a tag may not hold becomes a dash, and it begins with a letter, a
 * digit or an underscore. Case is kept.
 * @throws TagRuleError where nothing remains, or too much.
 */
export function toTag(name: string): string {
  const tag = name.replace(/[^\w.-]+/g, '-').replace(/^[.-]+/, '')
  if (tag === '') throw new TagRuleError(`gives "${name}", of which no tag can be made`)
  if (tag.length <= maxLength) return tag
  throw new TagRuleError(
    `gives the tag "${tag}", which has ${tag.length} characters; a registry takes ${maxLength}`,
  )
}

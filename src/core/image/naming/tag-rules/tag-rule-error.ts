/** What is wrong with one line of `tags` or `flavor`, in words that follow the line in quotes. */
export class TagRuleError extends Error {
  override readonly name = 'TagRuleError'
}

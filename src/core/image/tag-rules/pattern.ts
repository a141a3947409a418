import { TagRuleError } from './tag-rule-error.ts'

/** What a user's regular expression finds in a name: the whole match, then its groups. */
export type Pattern = (text: string) => readonly (string | undefined)[] | undefined

/** A name is attacker's text: with at most this many characters and choices no match takes long. */
const maxTextLength = 100
const maxChoices = 4

/**
 * Compiles `v(.*)` or `/v(.*)/i`. The engine of JavaScript backtracks, so only expressions are
 * taken whose work is bounded by a small power of the text's length.
 * @throws TagRuleError naming what is not taken.
 */
export function compilePattern(text: string): Pattern {
  const [, body = text, flags = ''] = /^\/(.+)\/([a-z]*)$/.exec(text) ?? []
  const unknown = /[^gimsu]/.exec(flags)?.[0]
  if (unknown !== undefined) throw new TagRuleError(`has the flag "${unknown}" in its pattern`)
  const expression = compile(body, flags.replace('g', ''))
  refuseCostly(body)
  return (name) => {
    if (name.length > maxTextLength) {
      throw new TagRuleError(
        `is not tried on names of more than ${maxTextLength} characters: "${name}"`,
      )
    }
    return expression.exec(name) ?? undefined
  }
}

function compile(body: string, flags: string): RegExp {
  try {
    return new RegExp(body, flags)
  } catch (error) {
    throw new TagRuleError(`is no regular expression: ${(error as Error).message}`)
  }
}

/** One element of an expression: an escape, a class, the start of a group, or a character. */
const elements =
  /\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|\(\?(?:<?[=!]|[^=!])|\)?[*+?]\??|\)?\{\d+(?:,\d*)?\}\??|[\s\S]/g

function refuseCostly(body: string): void {
  let choices = 0
  for (const [element] of body.matchAll(elements)) {
    if (/^\\[1-9k]/.test(element)) throw refusal('a backreference', element)
    if (/^\(\?<?[=!]/.test(element)) throw refusal('a look-around', element)
    if (/^\)[*+{]/.test(element)) throw refusal('a repeated group', element)
    if (/^(?:\)?[*+?]\??|\{\d+,\d*\}\??|\|)$/.test(element)) choices += 1
  }
  if (choices > maxChoices) {
    throw new TagRuleError(
      `has ${choices} of * + ? {n,m} and | in its pattern; ${maxChoices} are taken, which keeps matching fast`,
    )
  }
}

function refusal(what: string, element: string): TagRuleError {
  return new TagRuleError(`has ${what} ("${element}") in its pattern, which is not taken`)
}

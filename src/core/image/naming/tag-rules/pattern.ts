import { RE2JS } from 're2js'
import { TagRuleError } from './tag-rule-error.ts'

/** What a user's regular expression finds in a name: the whole match, then its groups. */
export type Pattern = (text: string) => readonly (string | undefined)[] | undefined

const flagBits: Readonly<Record<string, number>> = {
  // A single match is looked for, in Unicode, with them or without.
  g: 0,
  u: 0,
  i: RE2JS.CASE_INSENSITIVE,
  m: RE2JS.MULTILINE,
  s: RE2JS.DOTALL,
}

/**
 * Compiles `v(.*)` or `/v(.*)/i`. A name is attacker's text, and the engine of JavaScript
 * backtracks: RE2's work grows with the length of the text alone. It has no backreferences and no
 * look-around.
 * @throws TagRuleError naming what is not taken.
 */
export function compilePattern(text: string): Pattern {
  const [, body = text, flags = ''] = /^\/(.+)\/([a-z]*)$/.exec(text) ?? []
  const expression = compile(body, bitsOf(flags))
  return (name) => {
    const found = expression.matcher(name)
    if (!found.find()) return undefined
    const groups = Array.from({ length: found.groupCount() + 1 }, (_, index) => index)
    return groups.map((index) => found.group(index) ?? undefined)
  }
}

function bitsOf(flags: string): number {
  return flags.split('').reduce((bits, flag) => {
    const bit = flagBits[flag]
    if (bit === undefined) throw new TagRuleError(`has the flag "${flag}" in its pattern`)
    return bits | bit
  }, 0)
}

function compile(body: string, bits: number): RE2JS {
  // The translation would take it for the letter.
  if (body.includes('\\k<')) throw refusal('it has "\\k<"')
  try {
    return RE2JS.compile(RE2JS.translateRegExp(body), bits)
  } catch (error) {
    throw refusal(error instanceof Error ? error.message : String(error))
  }
}

function refusal(what: string): TagRuleError {
  return new TagRuleError(
    `is no regular expression of RE2, which has no backreferences and no look-around: ${what}`,
  )
}

import { compileDateFormat } from './date-format.ts'
import type { TagFacts } from './tag-facts.ts'
import type { TemplateText } from './tag-rule.ts'
import { TagRuleError } from './tag-rule-error.ts'

/** A text with its `{{expressions}}` filled in. Nothing is escaped: a tag is no HTML. */
export type Template<Facts> = (facts: Facts) => string

/**
 * @param understand What an expression means; undefined where it is not known.
 * @throws TagRuleError naming the expression that is not known, or the brace that is open.
 */
export function compileTemplate<Facts>(
  text: string,
  understand: (expression: string) => Template<Facts> | undefined,
): Template<Facts> {
  const parts = text.split(/\{\{([^{}]*)\}\}/).map((part, index): Template<Facts> => {
    if (index % 2 === 0) {
      if (part.includes('{{')) throw new TagRuleError(`has an open "{{" in "${text}"`)
      return () => part
    }
    const meaning = understand(part.trim())
    if (meaning === undefined) {
      throw new TagRuleError(`has the expression "{{${part}}}", which is not known here`)
    }
    return meaning
  })
  return (facts) => parts.map((part) => part(facts)).join('')
}

const expressions: Readonly<Record<string, Template<TagFacts>>> = {
  branch: ({ branch }) => branch ?? '',
  tag: ({ tag }) => tag ?? '',
  sha: ({ shortCommit }) => shortCommit,
  base_ref: ({ baseRef }) => baseRef ?? '',
  is_default_branch: ({ isDefaultBranch }) => String(isDefaultBranch),
  is_not_default_branch: ({ isDefaultBranch }) => String(!isDefaultBranch),
}

const expressionForm = /\{\{[^{}]*\}\}/g

/** Compiles a text with the expressions that docker/metadata-action has in all attributes. */
export function compileRunTemplate(text: string): Template<TagFacts> {
  return compileTemplate(text, (expression) =>
    Object.hasOwn(expressions, expression) ? expressions[expression] : dateTemplate(expression),
  )
}

/** Whether a text has an expression that another commit, git tag or day gives another value. */
export function tellsRunsApart(text: TemplateText): boolean {
  return /\{\{\s*(?:sha|tag|date|commit_date)\b/.test(text)
}

/**
 * Whether a text as it is written is sure to be given to one image after the other. A number in it
 * may be a count or a version that the workflow has put there, and then it is new each time.
 */
export function recursAsWritten(text: TemplateText): boolean {
  return !tellsRunsApart(text) && !/\d/.test(text.replaceAll(expressionForm, ''))
}

/** A text with what its expressions mean in a run. @throws TagRuleError */
export function fillIn(text: TemplateText, facts: TagFacts): string {
  return compileRunTemplate(text)(facts)
}

/** Fills in what is an expression; all other braces are the user's text. @throws TagRuleError */
export function fillInKnown(text: string, facts: TagFacts): string {
  return text.replaceAll(expressionForm, (found) => (isKnown(found) ? fillIn(found, facts) : found))
}

/** What looks like an expression of a text and is none: {@link fillInKnown} leaves it as it is. */
export function unknownExpressions(text: string): readonly string[] {
  return [...text.matchAll(expressionForm)].flatMap(([whole]) => (isKnown(whole) ? [] : [whole]))
}

function isKnown(expression: string): boolean {
  try {
    compileRunTemplate(expression)
    return true
  } catch (error) {
    if (error instanceof TagRuleError) return false
    throw error
  }
}

/** `date 'YYYYMMDD' tz='Europe/Berlin'` and `commit_date` alike; the zone is UTC unless given. */
function dateTemplate(expression: string): Template<TagFacts> | undefined {
  const form = /^(date|commit_date)\s+(['"])([^'"]+)\2(?:\s+tz=(['"])([^'"]+)\4)?$/
  const [, name, , format, , timeZone = 'UTC'] = form.exec(expression) ?? []
  if (format === undefined) return undefined
  const write = compileDateFormat(format, timeZone)
  if (name === 'date') return ({ now }) => write(now)
  return ({ committedAt, eventName }) => {
    if (committedAt !== undefined) return write(committedAt)
    throw new TagRuleError(
      `needs the time of the commit, which the event "${eventName}" does not tell`,
    )
  }
}

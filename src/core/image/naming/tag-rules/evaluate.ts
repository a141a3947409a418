import type { InputProblem } from '../../../errors/action-error.ts'
import { isPrerelease, type SchemedVersion } from '../version.ts'
import { candidateOf, type Candidate } from './candidate.ts'
import type { TagFacts } from './tag-facts.ts'
import type { TagRule, TagRules } from './tag-rule.ts'
import { TagRuleError } from './tag-rule-error.ts'
import { fillIn } from './template.ts'
import { toTag } from './to-tag.ts'

/** The names that the rules give an image. No tag is in both lists or twice in one. */
export interface EvaluatedTags {
  /** They mean these bytes for ever: the commit first, then full versions. */
  readonly identity: readonly string[]
  /** They name one image after the other. */
  readonly moving: readonly string[]
  /** The first full version that a rule read. */
  readonly version: SchemedVersion | undefined
  /** Rules that had something to work on and give no tag, and why. */
  readonly notes: readonly string[]
  /** Rules that cannot be carried out in this run. */
  readonly problems: readonly InputProblem[]
}

interface Given {
  readonly tag: string
  readonly candidate: Candidate
}

/** Carries out the rules in the order of their priority. */
export function evaluateTags({ rules, flavor }: TagRules, facts: TagFacts): EvaluatedTags {
  const notes: string[] = []
  const problems: InputProblem[] = []
  const given: Given[] = []
  for (const rule of rules.toSorted((a, b) => b.priority - a.priority)) {
    const problem = attempt(rule.text, () => {
      const outcome = carryOut(rule, { rules, flavor }, facts)
      if (outcome === undefined) return
      if ('note' in outcome) notes.push(`tags: ${rule.text}: ${outcome.note}; it gives no tag`)
      else given.push(outcome)
    })
    if (problem !== undefined) problems.push({ input: 'tags', ...problem })
  }
  const latest: string[] = []
  if (isLatest(flavor.latest, given)) {
    const problem = attempt('latest', () => latest.push(latestTag(flavor, facts)))
    if (problem !== undefined) problems.push({ input: 'flavor', ...problem })
  }
  return { ...sorted(given, latest), notes, problems }
}

function attempt(value: string, work: () => void): Omit<InputProblem, 'input'> | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    if (error instanceof TagRuleError) return { value, message: error.message }
    throw error
  }
}

function carryOut(
  rule: TagRule,
  { flavor }: TagRules,
  facts: TagFacts,
): Given | { readonly note: string } | undefined {
  const enable = fillIn(rule.enable, facts)
  if (enable !== 'true' && enable !== 'false') {
    throw new TagRuleError(`has enable=${enable}, which is neither true nor false`)
  }
  if (enable === 'false') return undefined
  const candidate = candidateOf(rule, facts)
  if (candidate === undefined || 'note' in candidate) return candidate
  const prefix = fillIn(rule.prefix ?? flavor.prefix, facts)
  const suffix = fillIn(rule.suffix ?? flavor.suffix, facts)
  return { candidate, tag: toTag(`${prefix}${candidate.value}${suffix}`) }
}

function isLatest(latest: TagRules['flavor']['latest'], given: readonly Given[]): boolean {
  return latest === 'auto' ? given[0]?.candidate.latest === true : latest === 'true'
}

function latestTag(flavor: TagRules['flavor'], facts: TagFacts): string {
  const prefix = flavor.prefixLatest ? fillIn(flavor.prefix, facts) : ''
  const suffix = flavor.suffixLatest ? fillIn(flavor.suffix, facts) : ''
  return toTag(`${prefix}latest${suffix}`)
}

function sorted(
  given: readonly Given[],
  latest: readonly string[],
): Pick<EvaluatedTags, 'identity' | 'moving' | 'version'> {
  const meaning = (wanted: Candidate['meaning']): readonly string[] =>
    given.flatMap(({ tag, candidate }) => (candidate.meaning === wanted ? tag : []))
  const identity = new Set([...meaning('commit'), ...meaning('version')])
  const moving = new Set([...meaning('moving'), ...latest])
  return {
    identity: [...identity],
    moving: [...moving].filter((tag) => !identity.has(tag)),
    version: given.find(({ candidate }) => candidate.version !== undefined)?.candidate.version,
  }
}

/** Which moving tags a run may give: a prerelease gives none. */
export function movableTags(
  moving: readonly string[],
  read: SchemedVersion | undefined,
): { readonly movingTags: readonly string[]; readonly notes: readonly string[] } {
  if (read === undefined || !isPrerelease(read)) return { movingTags: moving, notes: [] }
  const notes = moving.map(
    (tag) => `prerelease ${read.version} does not get the moving tag "${tag}"`,
  )
  return { movingTags: [], notes }
}

import type { InputProblem } from '../../../errors/action-error.ts'
import { isPrerelease, type SchemedVersion } from '../version.ts'
import { candidateOf, prereleaseRead, readsVersion, type Candidate } from './candidate.ts'
import { prereleaseIn } from './prerelease.ts'
import { isSureToRecur, latestRecurs } from './recurring.ts'
import type { TagFacts } from './tag-facts.ts'
import type { Flavor, TagRule, TagRules } from './tag-rule.ts'
import { TagRuleError } from './tag-rule-error.ts'
import { fillIn } from './template.ts'
import { toTag } from './to-tag.ts'

/** The names that the rules give an image. No tag is in both lists or twice in one. */
export interface EvaluatedTags {
  /** They mean these bytes for ever: the commit first, then full versions. */
  readonly identity: readonly string[]
  /** They name one image after the other. */
  readonly moving: readonly string[]
  /** Those of `moving` that later runs are sure to give again: `latest`, `1.2`, a branch. */
  readonly recurring: readonly string[]
  /** The first full version that a rule read. */
  readonly version: SchemedVersion | undefined
  /** What a rule reads or reads from, or the git tag where no rule reads a version. */
  readonly prerelease: SchemedVersion | undefined
  /** Rules that had something to work on and give no tag, and why. */
  readonly notes: readonly string[]
  /** Rules that cannot be carried out in this run. */
  readonly problems: readonly InputProblem[]
}

interface Given {
  readonly tag: string
  readonly candidate: Candidate
  readonly recurs: boolean
  readonly rule: TagRule
}

/** Carries out the rules in the order of their priority. */
export function evaluateTags({ rules, flavor }: TagRules, facts: TagFacts): EvaluatedTags {
  const notes: string[] = []
  const problems: InputProblem[] = []
  const given: Given[] = []
  const readFrom: SchemedVersion[] = []
  for (const rule of rules.toSorted((a, b) => b.priority - a.priority)) {
    const problem = attempt(rule.text, () => {
      if (!isEnabled(rule, facts)) return
      const prerelease = prereleaseRead(rule, facts)
      if (prerelease !== undefined) readFrom.push(prerelease.version)
      const outcome = carryOut(rule, flavor, facts)
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
  const prerelease = readFrom[0] ?? prereleaseGiven(given, facts)
  const recurring = latestRecurs(flavor) ? latest : []
  return { ...sorted(given, latest, recurring), prerelease, notes, problems }
}

/** The git tag does not outweigh the version that a rule was told to read elsewhere. */
function prereleaseGiven(given: readonly Given[], facts: TagFacts): SchemedVersion | undefined {
  const versions = given.flatMap(({ candidate }) => candidate.version ?? [])
  if (versions.length > 0) return versions.find(isPrerelease)
  const tagged = prereleaseIn(facts.tag ?? '')
  // Of `v1.2.3-web` a rule took `1.2`: by its user's word the rest is no prerelease.
  const isPart = given.some(({ rule }) => readsVersion(rule.source))
  return tagged?.isSpoken === false && isPart ? undefined : tagged?.version
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

function isEnabled(rule: TagRule, facts: TagFacts): boolean {
  const enable = fillIn(rule.enable, facts)
  if (enable !== 'true' && enable !== 'false') {
    throw new TagRuleError(`has enable=${enable}, which is neither true nor false`)
  }
  return enable === 'true'
}

function carryOut(
  rule: TagRule,
  flavor: Flavor,
  facts: TagFacts,
): Given | { readonly note: string } | undefined {
  const candidate = candidateOf(rule, facts)
  if (candidate === undefined || 'note' in candidate) return candidate
  const prefix = fillIn(rule.prefix ?? flavor.prefix, facts)
  const suffix = fillIn(rule.suffix ?? flavor.suffix, facts)
  const tag = toTag(`${prefix}${candidate.value}${suffix}`)
  return { candidate, tag, recurs: isSureToRecur(rule, flavor), rule }
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
  recurringLatest: readonly string[],
): Pick<EvaluatedTags, 'identity' | 'moving' | 'recurring' | 'version'> {
  const meaning = (wanted: Candidate['meaning']): readonly string[] =>
    given.flatMap(({ tag, candidate }) => (candidate.meaning === wanted ? tag : []))
  const identity = new Set([...meaning('commit'), ...meaning('version')])
  const moving = new Set([...meaning('moving'), ...latest])
  const recurs = new Set(given.flatMap((each) => (each.recurs ? each.tag : [])))
  for (const tag of recurringLatest) recurs.add(tag)
  const others = [...moving].filter((tag) => !identity.has(tag))
  return {
    identity: [...identity],
    moving: others,
    recurring: others.filter((tag) => recurs.has(tag)),
    version: given.find(({ candidate }) => candidate.version !== undefined)?.candidate.version,
  }
}

/** What a run gives its image, by which moving tags are judged. */
export interface MovedImage {
  readonly commit: string
  /** The prerelease that it is; undefined: none. */
  readonly prerelease: string | undefined
}

/** Which moving tags a run may give: a prerelease gives those alone that hold its own commit. */
export function movableTags(
  moving: readonly string[],
  { commit, prerelease }: MovedImage,
): { readonly movingTags: readonly string[]; readonly notes: readonly string[] } {
  if (prerelease === undefined) return { movingTags: moving, notes: [] }
  const movingTags = moving.filter((tag) => holdsCommit(tag, commit))
  const notes = moving
    .filter((tag) => !movingTags.includes(tag))
    .map((tag) => `prerelease ${prerelease} does not get the moving tag "${tag}"`)
  return { movingTags, notes }
}

/** A short commit among other words: it is not expected to name another image. */
function holdsCommit(tag: string, commit: string): boolean {
  const words = tag.match(/(?<![0-9a-z])[0-9a-f]{7,40}(?![0-9a-z])/g) ?? []
  return words.some((word) => commit.startsWith(word))
}

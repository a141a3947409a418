import pep440 from '@renovatebot/pep440'
import semver from 'semver'
import { isPrerelease, versionSchemes, type SchemedVersion } from '../version.ts'
import { compilePattern } from './pattern.ts'
import { holdsPrerelease, prereleaseIn, type NamedPrerelease } from './prerelease.ts'
import type { TagFacts } from './tag-facts.ts'
import type { TagRule, TagSource, TemplateText } from './tag-rule.ts'
import { TagRuleError } from './tag-rule-error.ts'
import { fillIn } from './template.ts'
import { compileVersionTemplate, type VersionParts } from './version-template.ts'

/** What a rule gives, before prefix and suffix. */
export interface Candidate {
  readonly value: string
  /** `commit` and `version`: the tag means these bytes for ever. */
  readonly meaning: 'commit' | 'version' | 'moving'
  /** The full version that the rule read. */
  readonly version?: SchemedVersion
  /** Whether `latest=auto` adds `latest` where this comes first. */
  readonly latest: boolean
}

/** `note`: why a rule that could have fired gives nothing; some do not fire and say nothing. */
export type CandidateResult = Candidate | { readonly note: string } | undefined

/** The prerelease by its word that a rule reads from, be it all of it or a part. */
export function prereleaseRead({ source }: TagRule, facts: TagFacts): NamedPrerelease | undefined {
  if (!readsVersion(source)) return undefined
  const first = source.type === 'match' ? 'semver' : source.type
  const found = prereleaseIn(textOf(source.value, facts) ?? '', first)
  return found?.isSpoken === true ? found : undefined
}

/** Whether a rule takes a version, or a part of one, from what it was told to read. */
export function readsVersion(
  source: TagSource,
): source is Extract<TagSource, { type: 'semver' | 'pep440' | 'match' }> {
  return source.type === 'semver' || source.type === 'pep440' || source.type === 'match'
}

/** What a rule gives in a run. @throws TagRuleError */
export function candidateOf(rule: TagRule, facts: TagFacts): CandidateResult {
  const { source } = rule
  const whole = prereleaseRead(rule, facts)
  switch (source.type) {
    case 'semver':
    case 'pep440':
      return ofVersion(source, facts, whole)
    case 'match':
      return ofMatch(source, facts, whole)
    case 'ref':
      return ofRef(source.event, facts)
    case 'sha': {
      const long = source.format === 'long'
      const value = long ? facts.commit : facts.shortCommit
      return { value, meaning: long ? 'commit' : 'moving', latest: false }
    }
    case 'raw':
      return moving(fillIn(source.value, facts))
    case 'edge':
      return ofEdge(source.branch, facts)
    case 'schedule':
      return facts.eventName === 'schedule' ? moving(fillIn(source.pattern, facts)) : undefined
  }
}

function moving(value: string): Candidate | undefined {
  return value === '' ? undefined : { value, meaning: 'moving', latest: false }
}

/** Reads `v1.2.3`, `1.2.3-rc.1`, …; a slash, which no tag may have, is a dash. */
export function parseSemanticVersion(text: string): VersionParts | undefined {
  const raw = text.replaceAll('/', '-')
  const parsed = semver.parse(raw)
  if (parsed === null) return undefined
  const { version, major, minor, patch } = parsed
  return { raw, version, major, minor, patch }
}

/** Reads `1.2`, `v1.2.3b2`, …; parts that are not written are 0. */
function parsePythonVersion(raw: string): VersionParts | undefined {
  const version = versionSchemes.pep440.read(raw)
  if (version === undefined) return undefined
  const [major = 0, minor = 0, patch = 0] = pep440.explain(version)?.release ?? []
  return { raw, version, major, minor, patch }
}

/** What a rule calls by its whole name only: post-releases of Python, too. */
function isSpecial(read: SchemedVersion): boolean {
  return isPrerelease(read) || (read.scheme === 'pep440' && /\.post\d/.test(read.version))
}

/** What a rule reads a version or a match from: its own `value`, else the tag. */
function textOf(value: TemplateText | undefined, facts: TagFacts): string | undefined {
  const own = value === undefined ? '' : fillIn(value, facts)
  return own === '' ? facts.tag : own
}

function ofVersion(
  source: Extract<TagSource, { type: 'semver' | 'pep440' }>,
  facts: TagFacts,
  whole: NamedPrerelease | undefined,
): CandidateResult {
  const text = textOf(source.value, facts)
  if (text === undefined) return undefined
  const found = source.match === undefined ? [text] : compilePattern(source.match)(text)
  if (found === undefined) return { note: `does not match "${text}"` }
  const part = found[1] ?? found[0] ?? ''
  const python = source.type === 'pep440'
  const parsed = python ? parsePythonVersion(part) : parseSemanticVersion(part)
  if (parsed === undefined) {
    const kind = python ? 'version by PEP 440' : 'semantic version'
    return { note: `"${part}" is no ${kind} (1.2.3)` }
  }
  if (whole !== undefined && !holdsPrerelease(part, whole)) return ofPart(part, whole)
  const { raw } = parsed
  const version = { version: parsed.version, scheme: source.type }
  if (isSpecial(version)) {
    const isRaw = /^\{\{\s*raw\s*\}\}$/.test(source.pattern)
    // `1` and `1.2` are for releases; a prerelease is only ever called by its whole name.
    return { value: isRaw ? raw : parsed.version, meaning: 'version', version, latest: false }
  }
  const { render, full } = compileVersionTemplate(source.pattern)
  return { value: render(parsed), meaning: full ? 'version' : 'moving', version, latest: true }
}

/** A part of a prerelease would be the name of the release, which is not there yet. */
function ofPart(part: string, { version }: NamedPrerelease): CandidateResult {
  return { note: `"${part}" is only a part of the prerelease ${version.version}` }
}

function ofMatch(
  source: Extract<TagSource, { type: 'match' }>,
  facts: TagFacts,
  whole: NamedPrerelease | undefined,
): CandidateResult {
  const text = textOf(source.value, facts)
  if (text === undefined) return undefined
  const found = compilePattern(source.pattern)(text)
  if (found === undefined) return { note: `does not match "${text}"` }
  if (source.group >= found.length) {
    throw new TagRuleError(`has the group ${source.group}, which its pattern does not have`)
  }
  const value = found[source.group] ?? ''
  if (value === '') return { note: `matches nothing of "${text}"` }
  return whole !== undefined && !holdsPrerelease(value, whole)
    ? ofPart(value, whole)
    : named(value, whole)
}

/**
 * A name taken from a git tag: where it is a full version, it means one image for ever, and so does
 * the name of a prerelease.
 */
function named(value: string, prerelease: NamedPrerelease | undefined): Candidate {
  const parsed = parseSemanticVersion(value)
  if (parsed === undefined) {
    if (prerelease === undefined) return { value, meaning: 'moving', latest: true }
    return { value, meaning: 'version', version: prerelease.version, latest: false }
  }
  const version = { version: parsed.version, scheme: 'semver' } as const
  return { value, meaning: 'version', version, latest: !isPrerelease(version) }
}

function ofEdge(own: TemplateText | undefined, facts: TagFacts): CandidateResult {
  const branch = own === undefined ? facts.defaultBranch : fillIn(own, facts)
  if (facts.branch === undefined) return undefined
  if (branch !== undefined) return facts.branch === branch ? moving('edge') : undefined
  return {
    note: `the event "${facts.eventName}" does not tell the default branch; write \`branch=\``,
  }
}

function ofRef(event: 'branch' | 'tag' | 'pr', facts: TagFacts): CandidateResult {
  if (event === 'tag') {
    return facts.tag === undefined ? undefined : named(facts.tag, prereleaseIn(facts.tag))
  }
  if (event === 'branch') return facts.branch === undefined ? undefined : moving(facts.branch)
  return facts.pullRequest === undefined ? undefined : moving(String(facts.pullRequest))
}

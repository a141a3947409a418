import semver from 'semver'
import {
  isPrerelease,
  versionSchemes,
  type SchemedVersion,
  type VersionSchemeName,
} from '../version.ts'

/** A prerelease that a text names. */
export interface NamedPrerelease {
  /** As the text writes it, without a leading `v`. */
  readonly text: string
  readonly version: SchemedVersion
  /**
   * Whether a word says so, as in `1.2.3-rc.1`. What else stands behind a dash may be a component
   * (`1.2.3-web`) or a count, and is a prerelease to semver's grammar only.
   */
  readonly isSpoken: boolean
}

const spokenWord =
  /^(?:(?:alpha|beta|rc|pre|preview|dev|snapshot|next|canary|nightly|milestone)\d*|[abm]\d+)$/i

/** What stands for a release behind its number, although semver's grammar calls it a prerelease. */
const finalWord = /[-.](?:final|ga|release)$/i

/**
 * The prerelease at the end of a text, whatever stands before it: `app-v2.0.0-rc.1`, `1.2.3rc1`.
 * Behind something else, only one that is spoken: `app-1.2.0-amd64` and `prod-2026.11.22-1` are none.
 * @param first The scheme that is asked first; the other one reads what it does not.
 * @returns undefined where the text ends in no version, or in one of a release.
 */
export function prereleaseIn(
  text: string,
  first: VersionSchemeName = 'semver',
): NamedPrerelease | undefined {
  if (finalWord.test(text)) return undefined
  for (const { index } of text.matchAll(/(?<![\d.])v?\d/gi)) {
    const version = readVersion(text.slice(index), first)
    if (version === undefined) continue
    const isSpoken = speaksOfPrerelease(version)
    const named = { text: text.slice(index).replace(/^v/i, ''), version, isSpoken }
    return isPrerelease(version) && (isSpoken || index === 0) ? named : undefined
  }
  return undefined
}

/** Python's prereleases all have a word. */
function speaksOfPrerelease({ version, scheme }: SchemedVersion): boolean {
  if (scheme === 'pep440') return true
  const words = (semver.prerelease(version) ?? []).join('-').split('-')
  return words.some((word) => spokenWord.test(word))
}

/**
 * Whether a part of a text holds the prerelease that the whole of it names: `1.2.3-rc.1` does, be it
 * of `1.2.3-rc.1-web`.
 */
export function holdsPrerelease(part: string, { text, version }: NamedPrerelease): boolean {
  if (part.includes(text)) return true
  if (versionSchemes[version.scheme].read(part) === version.version) return true
  const own = prereleaseIn(part, version.scheme)
  if (own?.isSpoken !== true || !text.startsWith(own.text)) return false
  return /^-[a-z]/i.test(text.slice(own.text.length))
}

function readVersion(text: string, first: VersionSchemeName): SchemedVersion | undefined {
  const schemes: readonly VersionSchemeName[] =
    first === 'semver' ? ['semver', 'pep440'] : ['pep440', 'semver']
  for (const scheme of schemes) {
    // To PEP 440 `7b3` is a prerelease; as the end of a name it is a count or a hash.
    const version = text.includes('.') ? versionSchemes[scheme].read(text) : undefined
    if (version !== undefined) return { version, scheme }
  }
  return undefined
}

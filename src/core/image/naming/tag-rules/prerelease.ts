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
}

/** What stands for a release behind its number, although semver's grammar calls it a prerelease. */
const finalWord = /[-.](?:final|ga|release)$/i

/**
 * The prerelease at the end of a text, whatever stands before it: `app-v2.0.0-rc.1`, `1.2.3rc1`.
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
    const named = { text: text.slice(index).replace(/^v/i, ''), version }
    return isPrerelease(version) ? named : undefined
  }
  return undefined
}

/** Whether a part of a text holds the prerelease that the whole of it names. */
export function holdsPrerelease(part: string, { text, version }: NamedPrerelease): boolean {
  return part.includes(text) || versionSchemes[version.scheme].read(part) === version.version
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

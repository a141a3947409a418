import pep440 from '@renovatebot/pep440'
import semver from 'semver'

/** How the versions of an image are written and ordered. */
export interface VersionScheme {
  /** The version in its one form, or undefined where `text` is none. */
  readonly read: (text: string) => string | undefined
  readonly isPrerelease: (version: string) => boolean
  /** Below 0 where `a` is older. */
  readonly compare: (a: string, b: string) => number
}

/** Semantic versions; a leading `v` and build metadata are no part of the form. */
const semanticVersions: VersionScheme = {
  read: (text) => semver.parse(text)?.version,
  isPrerelease: (version) => semver.prerelease(version) !== null,
  compare: (a, b) => semver.compare(a, b),
}

/** Python's versions (PEP 440), `1.2.3b2` and `1.0.dev4` among them. */
export const pythonVersions: VersionScheme = {
  read: (text) => pep440.clean(text) ?? undefined,
  isPrerelease: (version) => {
    const told = pep440.explain(version)
    return told !== null && (told.is_prerelease || told.is_devrelease)
  },
  compare: (a, b) => pep440.compare(a, b),
}

/** The scheme of a version; undefined where it is one of neither. */
export function schemeOf(version: string): VersionScheme | undefined {
  return [semanticVersions, pythonVersions].find(({ read }) => read(version) !== undefined)
}

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
const pythonVersions: VersionScheme = {
  read: (text) => pep440.clean(text) ?? undefined,
  isPrerelease: (version) => {
    const told = pep440.explain(version)
    return told !== null && (told.is_prerelease || told.is_devrelease)
  },
  compare: (a, b) => pep440.compare(a, b),
}

/** By the types of the rules in `tags` that read them. */
export const versionSchemes = { semver: semanticVersions, pep440: pythonVersions } as const

export type VersionSchemeName = keyof typeof versionSchemes

/** A version, and the scheme it was read by: `1.9.1` alone does not say whether `2.0` comes after it. */
export interface SchemedVersion {
  /** In its one form, fit for a tag. */
  readonly version: string
  readonly scheme: VersionSchemeName
}

/** Whether it comes before a release, whose moving tags it does not get. */
export function isPrerelease({ version, scheme }: SchemedVersion): boolean {
  return versionSchemes[scheme].isPrerelease(version)
}

import { createHash } from 'node:crypto'
import type { BuildSettings } from '../inputs/build/build-settings.ts'
import type { ImageMetadata } from '../inputs/build/image-metadata.ts'
import type { Json } from '../json.ts'

/**
 * Everything that decides what a build makes of a source tree, for whatever platforms: legs that
 * native runners build for one each have the same.
 */
export interface BuildIngredients {
  /** Git's id of the tree that is the build context, or a remote one's URL; else undefined. */
  readonly sourceTree: string | undefined
  /** What of the tree is not there as committed, but as the commit tells: `markUnfetched`. */
  readonly unfetched: readonly string[]
  /** Text; undefined where it is in a remote context. */
  readonly dockerfile: string | undefined
  /** Text of the ignore file that BuildKit will use. */
  readonly ignoreFile: string | undefined
  readonly target: string | undefined
  /** In the order given: of two with one name the later wins. */
  readonly buildArguments: readonly string[]
  /** Counts as it was written: dates and branches that are filled in differ from run to run. */
  readonly metadata: ImageMetadata
  readonly settings: BuildSettings
}

/**
 * A name for the ingredients: equal exactly where all of them are. Base images that a tag in the
 * Dockerfile names are not among them; `pull` and `no-cache` are there for those.
 * @returns 64 hex digits.
 */
export function fingerprint(ingredients: BuildIngredients): string {
  const { labels, annotations } = ingredients.metadata.written ?? ingredients.metadata
  const canonical = canonicalJson({
    version: 3,
    sourceTree: ingredients.sourceTree ?? null,
    ...(ingredients.unfetched.length > 0 && { unfetched: ingredients.unfetched }),
    dockerfile: ingredients.dockerfile ?? null,
    ignoreFile: ingredients.ignoreFile ?? null,
    target: ingredients.target ?? null,
    buildArguments: ingredients.buildArguments,
    labels,
    annotations: annotations.map(({ place, key, value }) => [place, key, value]),
    settings: decisive(ingredients.settings),
  })
  return createHash('sha256').update(canonical).digest('hex')
}

/** What can change the image: not where its cache is, nor what else is written, nor a secret's value. */
function decisive(settings: BuildSettings): Json {
  const { attestations } = settings
  return {
    buildContexts: settings.buildContexts,
    addHosts: settings.addHosts,
    allow: settings.allow,
    ulimits: settings.ulimits,
    noCacheFilters: settings.noCacheFilters,
    ssh: settings.ssh,
    network: settings.network ?? null,
    shmSize: settings.shmSize ?? null,
    cgroupParent: settings.cgroupParent ?? null,
    provenance: attestations.provenance ?? null,
    sbom: attestations.sbom ?? null,
    attests: attestations.attests,
    secrets: settings.secrets.map(({ id }) => id).sort(),
    compression: settings.compression,
  }
}

/** JSON with the members of every object in one order, so that equal values have equal texts. */
export function canonicalJson(value: Json): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

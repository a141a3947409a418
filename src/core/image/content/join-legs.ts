import { ActionError } from '../../errors/action-error.ts'
import { objectsAt, parseJsonObject, stringAt, type JsonObject } from '../../json.ts'
import { freshnessOf, obstaclesOf, type ImageFacts } from '../annotations.ts'
import { shortDigest, type Digest } from '../digest.ts'
import type { Annotations } from './manifest.ts'
import type { Platform } from '../platform.ts'
import { factsOfImage, toldByAny, type RegistryImage } from './registry-image.ts'
import type { StoredManifest } from './stored-manifest.ts'
import { contentDigest } from './verify.ts'

const indexType = 'application/vnd.oci.image.index.v1+json'

/** What the legs must be together. */
export interface JoinedImage {
  readonly platforms: readonly Platform[]
  /** The commit that the index will be named after. */
  readonly commit: string
  /** `index:` annotations that the user gives. */
  readonly annotations: Annotations
}

/** What build legs are joined to. */
export interface Joined {
  readonly index: StoredManifest
  /** The fingerprint that all legs have. */
  readonly fingerprint: string
  /** What any leg says of why equal facts do not tell its content, each once. */
  readonly obstacles: readonly string[]
  /** What any leg says of why it was to be built anew (`pull` is set), each once. */
  readonly freshness: readonly string[]
}

/**
 * Joins what native runners built into one index: the manifests as they are, in the order of
 * `platforms`, attestations behind them. Equal legs give equal bytes, so that a repetition gives the
 * same digest.
 * @throws ActionError `merge-refused` unless the legs cover the platforms exactly, with one commit
 * and one fingerprint.
 */
export function joinLegs(legs: readonly RegistryImage[], wanted: JoinedImage): Joined {
  const { commit, fingerprint } = agreedFacts(legs)
  if (commit !== wanted.commit) {
    throw refused(
      `the legs were built of commit ${commit.slice(0, 12)}, and this run is of ${wanted.commit.slice(0, 12)}`,
      'Run the legs and the merge in one workflow run, with the same commit checked out.',
    )
  }
  refuseOtherPlatforms(legs, wanted.platforms)
  const descriptors = legs.flatMap(descriptorsOf)
  const rank = ({ platform }: Described): number => {
    const at = wanted.platforms.findIndex((each) => each === platform)
    return at < 0 ? wanted.platforms.length : at
  }
  const { annotations } = wanted
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: indexType,
    manifests: descriptors
      .toSorted((a, b) => rank(a) - rank(b))
      .map(({ descriptor }) => descriptor),
    ...(Object.keys(annotations).length > 0 && { annotations }),
  })
  const index = { digest: contentDigest(manifest), mediaType: indexType, manifest }
  const obstacles = toldByAny(legs, obstaclesOf)
  return { index, fingerprint, obstacles, freshness: toldByAny(legs, freshnessOf) }
}

/** @returns undefined where legs differ in their commit, or tell none. */
export function commitOfLegs(legs: readonly RegistryImage[]): string | undefined {
  const commits = new Set(legs.map((leg) => factsOfImage(leg).commit))
  return commits.size === 1 ? [...commits][0] : undefined
}

interface Described {
  readonly descriptor: JsonObject
  /** Undefined for an attestation. */
  readonly platform: Platform | undefined
}

/** The entries of a leg's index as they are; a lone manifest gets one of its own. */
function descriptorsOf(leg: RegistryImage): readonly Described[] {
  const entries = objectsAt(parseJsonObject(leg.manifest) ?? {}, 'manifests')
  const platformOf = new Map(
    leg.platforms.map(({ digest, platform }) => [digest as string, platform]),
  )
  if (entries.length > 0) {
    return entries.map((descriptor) => ({
      descriptor,
      platform: platformOf.get(stringAt(descriptor, 'digest') ?? ''),
    }))
  }
  return leg.platforms.map(({ platform }) => {
    const [os = '', architecture = '', variant] = platform.split('/')
    const size = Buffer.byteLength(leg.manifest)
    const described = { os, architecture, ...(variant !== undefined && { variant }) }
    const { mediaType, digest } = leg
    return { descriptor: { mediaType, digest, size, platform: described }, platform }
  })
}

function agreedFacts(
  legs: readonly RegistryImage[],
): Required<Record<'commit' | 'fingerprint', string>> {
  return { commit: agreed(legs, 'commit'), fingerprint: agreed(legs, 'fingerprint') }
}

function agreed(legs: readonly RegistryImage[], name: keyof ImageFacts): string {
  const told = legs.map((leg) => ({ digest: leg.digest, value: factsOfImage(leg)[name] }))
  const silent = told.find(({ value }) => value === undefined)
  if (silent !== undefined) {
    throw refused(
      `the leg ${shortDigest(silent.digest)} tells no ${name}: it is not from \`mode: build\``,
      'Give `digests` the `digest` outputs of the steps with `mode: build`.',
    )
  }
  const values = new Set(told.map(({ value }) => value ?? ''))
  const [first = ''] = values
  if (values.size === 1) return first
  const each = told.map(
    ({ digest, value }) => `${shortDigest(digest)}: ${(value ?? '').slice(0, 12)}`,
  )
  throw refused(
    `the legs differ in their ${name} (${each.join(', ')})`,
    name === 'commit'
      ? 'Build all legs of one commit.'
      : 'Give all legs the same build inputs: context, Dockerfile, build-args, secrets, labels.',
  )
}

function refuseOtherPlatforms(legs: readonly RegistryImage[], wanted: readonly Platform[]): void {
  const built = legs.flatMap((leg) =>
    leg.platforms.map(({ platform, digest }) => ({ platform, digest })),
  )
  const twice = built.filter(
    ({ platform }, index) => built.findIndex((each) => each.platform === platform) < index,
  )
  const absent = wanted.filter((platform) => !built.some((each) => each.platform === platform))
  const extra = built.filter(({ platform }) => !wanted.includes(platform))
  const objections = [
    ...list('lack', absent),
    ...list('have twice', platformsOf(twice)),
    ...list('have besides', platformsOf(extra)),
  ]
  if (objections.length === 0) return
  throw refused(
    `the legs ${objections.join(', and ')}; \`platforms\` says ${wanted.join(', ')}`,
    'Give `digests` one leg of each platform, and `platforms` exactly what they built.',
  )
}

function platformsOf(children: readonly { platform: Platform; digest: Digest }[]): Platform[] {
  return [...new Set(children.map(({ platform }) => platform))]
}

function list(verb: string, platforms: readonly Platform[]): readonly string[] {
  return platforms.length === 0 ? [] : [`${verb} ${platforms.join(', ')}`]
}

function refused(message: string, remedy: string): ActionError {
  return new ActionError('merge-refused', message, `${remedy} Nothing was tagged.`)
}

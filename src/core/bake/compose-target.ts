import { hidesFact, withFingerprint, withObstacles } from '../image/annotations.ts'
import type { Platform } from '../image/platform.ts'
import { attributesOf } from '../inputs/build/elements.ts'
import type { BuildInputs } from '../inputs/inputs.ts'
import { objectAt, stringsAt, type Json, type JsonObject } from '../json.ts'
import { entriesAt, fieldOf, listAt, without } from './definition.ts'

/** What the inputs and we add to a target of the user's. */
export interface BakeAdditions {
  readonly inputs: Pick<BuildInputs, 'metadata' | 'noCache' | 'pull' | 'settings'>
  readonly platforms: readonly Platform[]
  /** Where the image comes from; the user's own labels and annotations win. */
  readonly origin: Readonly<Record<string, string>>
  readonly fingerprint: string
  /** Why the fingerprint does not tell the content. */
  readonly obstacles: readonly string[]
}

/** What is built of a target that is pushed: as any other, and it tells where it comes from. */
export function composeTarget(members: JsonObject, additions: BakeAdditions): JsonObject {
  const { inputs, origin } = additions
  return {
    ...composeLinked(members, additions),
    labels: { ...origin, ...objectAt(members, 'labels'), ...inputs.metadata.labels },
    annotations: annotationsOf(members, additions),
  }
}

/**
 * What is built of a target, be it only for others that are built upon it: the user's members, and
 * what the inputs add to every target, as the flags of bake do. Where it goes, and its secrets and
 * caches, are added when it is built.
 */
export function composeLinked(
  members: JsonObject,
  { inputs, platforms }: Pick<BakeAdditions, 'inputs' | 'platforms'>,
): JsonObject {
  const { settings } = inputs
  const filters = [...stringsAt(members, 'no-cache-filter'), ...settings.noCacheFilters]
  return {
    ...without(members, 'output', 'tags'),
    platforms,
    attest: attestsOf(members, inputs),
    ...(listAt(members, 'ssh').length > 0 && { ssh: settings.ssh }),
    ...(filters.length > 0 && { 'no-cache-filter': filters }),
    ...(inputs.noCache && { 'no-cache': true }),
    ...(inputs.pull && { pull: true }),
  }
}

/** Those of the file that would stand in the place of a fact that we read back are left out. */
function annotationsOf(
  members: JsonObject,
  { inputs, origin, fingerprint, obstacles }: BakeAdditions,
): readonly string[] {
  const facts = withObstacles(withFingerprint(origin, fingerprint), obstacles)
  const ours = Object.entries(facts).map(([key, value]) => `manifest:${key}=${value}`)
  const theirs = stringsAt(members, 'annotations').filter((text) => !hides(text))
  const given = inputs.metadata.annotations
    .filter((annotation) => !hidesFact(annotation))
    .map(({ place, key, value }) => `${place}:${key}=${value}`)
  return [...ours.sort(), ...theirs, ...given]
}

/** `key=value`, `place:key=value` or `place,place:key=value`. */
function hides(text: string): boolean {
  const name = text.split('=', 1).join('')
  const colon = name.indexOf(':')
  const places = colon < 0 ? ['manifest'] : name.slice(0, colon).split(',')
  return places.some((place) => hidesFact({ place, key: name.slice(colon + 1), value: '' }))
}

/** The file's own win: what the inputs say unasked is only a default. */
function attestsOf(
  members: JsonObject,
  { settings: { attestations } }: BakeAdditions['inputs'],
): readonly Json[] {
  const types = entriesAt(members, 'attest').map((entry) => fieldOf(entry, 'type'))
  const { provenance, sbom, attests } = attestations
  const ours = [
    ...(provenance === undefined ? [] : [attestation('provenance', provenance)]),
    ...(sbom === undefined ? [] : [attestation('sbom', sbom)]),
    ...attests,
  ].filter((text) => !types.includes(typeOf(text)))
  return [...listAt(members, 'attest'), ...ours]
}

function typeOf(attest: string): string | undefined {
  return fieldOf(attributesOf(attest) ?? [], 'type')
}

/** The flag's short form, written out. */
function attestation(type: string, value: string): string {
  if (value === 'true') return `type=${type}`
  return value === 'false' ? `type=${type},disabled=true` : `type=${type},${value}`
}

/** What the finished steps need no more, so that a further go takes them as they are. */
export function fromCache(members: JsonObject): JsonObject {
  return without(members, 'no-cache', 'no-cache-filter', 'pull')
}

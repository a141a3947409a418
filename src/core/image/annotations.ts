import { objectAt, stringAt } from '../json.ts'
import type { RunContext } from '../run-context.ts'
import type { Annotations } from './content/manifest.ts'
import type { ImageIdentity } from './naming/tags.ts'

/** The pre-defined keys of the OCI image specification, and three of our own. */
const keys = {
  commit: 'org.opencontainers.image.revision',
  version: 'org.opencontainers.image.version',
  fingerprint: 'steadyship.fingerprint',
  obstacles: 'steadyship.obstacles',
  freshness: 'steadyship.freshness',
} as const

/** What an image says of its own origin. */
export interface ImageFacts {
  readonly commit: string | undefined
  readonly version: string | undefined
  readonly fingerprint: string | undefined
}

/** Reads the facts back from the annotations of one manifest. */
export function factsOf(annotations: Annotations): ImageFacts {
  return {
    commit: annotations[keys.commit],
    version: annotations[keys.version],
    fingerprint: annotations[keys.fingerprint],
  }
}

/**
 * The labels and annotations of docker/metadata-action: title, description, url, source, version,
 * created, revision, licenses. `created` is the commit's time, so that a second build says the same.
 */
export function describeOrigin(
  context: RunContext,
  identity: ImageIdentity,
  committedAt: Date | undefined,
): Annotations {
  const repository = objectAt(context.event, 'repository')
  const page = `${context.serverUrl}/${context.repository}`
  const described: Record<string, string | undefined> = {
    'org.opencontainers.image.title': context.repository.split('/').at(-1),
    'org.opencontainers.image.description': stringAt(repository, 'description'),
    'org.opencontainers.image.url': page,
    'org.opencontainers.image.source': page,
    [keys.version]: identity.version,
    'org.opencontainers.image.created': committedAt?.toISOString(),
    [keys.commit]: identity.commit,
    'org.opencontainers.image.licenses': stringAt(objectAt(repository, 'license'), 'spdx_id'),
  }
  return Object.fromEntries(
    Object.entries(described).flatMap(([key, value]) =>
      value === undefined || value === '' ? [] : [[key, oneLine(value)]],
    ),
  )
}

/** An annotation as `docker buildx build --annotation` takes it. */
export interface PlacedAnnotation {
  /** `manifest`, `index`, `manifest[linux/arm64]`, `index-descriptor`, … */
  readonly place: string
  readonly key: string
  readonly value: string
}

/** Whether it would stand in the place of a fact that we read back; such a one is left out. */
export function hidesFact({ place, key }: PlacedAnnotation): boolean {
  return /^manifest(\[|$)/.test(place) && Object.values(keys).some((fact) => fact === key)
}

/** The annotations of a build: where it comes from, and the fingerprint that proves sameness. */
export function withFingerprint(origin: Annotations, fingerprint: string): Annotations {
  return { ...origin, [keys.fingerprint]: fingerprint }
}

/**
 * The annotations of a build whose content the commit and the fingerprint do not tell, and why not:
 * whoever finds the image later knows it by nothing else.
 */
export function withObstacles(annotations: Annotations, obstacles: readonly string[]): Annotations {
  return withReasons(annotations, keys.obstacles, obstacles)
}

/** Reads back what {@link withObstacles} put on one manifest. */
export function obstaclesOf(annotations: Annotations): readonly string[] {
  return reasonsOf(annotations, keys.obstacles)
}

/** Whether the annotations of one manifest are those of a build with exactly these obstacles. */
export function tellsObstacles(annotations: Annotations, obstacles: readonly string[]): boolean {
  return annotations[keys.obstacles] === withObstacles({}, obstacles)[keys.obstacles]
}

/**
 * The annotations of a build leg that was asked for anew, and why: whoever joins the legs was asked
 * for it, too. Once joined, the image is as good as any other, and nobody reads it again.
 */
export function withFreshness(annotations: Annotations, reasons: readonly string[]): Annotations {
  return withReasons(annotations, keys.freshness, reasons)
}

/** Reads back what {@link withFreshness} put on one manifest. */
export function freshnessOf(annotations: Annotations): readonly string[] {
  return reasonsOf(annotations, keys.freshness)
}

/** What stands between two reasons in the one text that an annotation is. */
const separator = '; '

/** A path may have 4,096 bytes, and a manifest is read whole: what is cut off says nothing new. */
const maxCharacters = 1000

function withReasons(
  annotations: Annotations,
  key: string,
  reasons: readonly string[],
): Annotations {
  if (reasons.length === 0) return annotations
  return { ...annotations, [key]: short(oneLine(reasons.join(separator))) }
}

/** Whoever may push may have written them: they are put in shape as our own are. */
function reasonsOf(annotations: Annotations, key: string): readonly string[] {
  const text = annotations[key]
  return text === undefined ? [] : short(oneLine(text)).split(separator)
}

/** By code points, so that no half of one goes into an argument. */
function short(text: string): string {
  const points = Array.from(text)
  return points.length <= maxCharacters ? text : `${points.slice(0, maxCharacters - 1).join('')}…`
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

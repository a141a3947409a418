import { objectAt, stringAt } from '../json.ts'
import type { RunContext } from '../run-context.ts'
import type { Annotations } from './content/manifest.ts'
import type { ImageIdentity } from './naming/tags.ts'

/** The pre-defined keys of the OCI image specification, and two of our own. */
const keys = {
  commit: 'org.opencontainers.image.revision',
  version: 'org.opencontainers.image.version',
  fingerprint: 'steadyship.fingerprint',
  obstacles: 'steadyship.obstacles',
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

/** What stands between two obstacles in the one text that an annotation is. */
const separator = '; '

/**
 * The annotations of a build leg that equal facts do not prove to be another image, and why: who
 * joins the legs knows it by nothing else.
 */
export function withObstacles(annotations: Annotations, obstacles: readonly string[]): Annotations {
  if (obstacles.length === 0) return annotations
  return { ...annotations, [keys.obstacles]: oneLine(obstacles.join(separator)) }
}

/** Reads back what {@link withObstacles} put on one manifest. */
export function obstaclesOf(annotations: Annotations): readonly string[] {
  return annotations[keys.obstacles]?.split(separator) ?? []
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

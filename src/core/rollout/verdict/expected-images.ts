import { parseDigest } from '../../image/digest.ts'
import { objectsAt, stringAt, type JsonObject } from '../../json.ts'
import type { RunningImage } from '../observation/running-images.ts'

/** What a service that returns shall run, container by container, as far as it is known. */
export interface ExpectedImages {
  /** Digests that the definition itself names. */
  readonly pinned: readonly RunningImage[]
  /** Digests that ECS resolved when the definition was deployed then (DescribeServiceRevisions). */
  readonly resolved: readonly RunningImage[]
}

/** The digests in the image references of a task definition. */
export function pinnedImages(definition: JsonObject): readonly RunningImage[] {
  return objectsAt(definition, 'containerDefinitions').flatMap((container) => {
    const name = stringAt(container, 'name')
    const [, text] = /@(sha256:[0-9a-f]{64})$/.exec(stringAt(container, 'image') ?? '') ?? []
    return name === undefined || text === undefined
      ? []
      : [{ container: name, digest: parseDigest(text) }]
  })
}

/**
 * Whether a service that returned runs what it ran then. Tasks may report the digest of a platform
 * where the definition names an index, so that only what ECS resolved for both revisions can
 * contradict: a tag that names something else by now.
 * @param running Of the revision and of its tasks.
 * @param ofRevision Of the revision alone.
 */
export function compareExpected(
  running: readonly RunningImage[],
  ofRevision: readonly RunningImage[],
  { pinned, resolved }: ExpectedImages,
): 'ours' | 'other' | 'no-evidence' {
  const expected = [...pinned, ...resolved]
  const names = [...new Set(expected.map(({ container }) => container))]
  const unseen = names.filter((name) => !meet(of(name, running), of(name, expected)))
  if (names.length > 0 && unseen.length === 0) return 'ours'
  const contradicted = unseen.some(
    (name) => of(name, resolved).length > 0 && of(name, ofRevision).length > 0,
  )
  return contradicted ? 'other' : 'no-evidence'
}

function of(name: string, images: readonly RunningImage[]): readonly string[] {
  return images.filter(({ container }) => container === name).map(({ digest }) => digest)
}

function meet(some: readonly string[], others: readonly string[]): boolean {
  return some.some((digest) => others.includes(digest))
}

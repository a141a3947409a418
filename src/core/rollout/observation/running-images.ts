import { isDigest, type Digest } from '../../image/digest.ts'
import type { PushedImage } from '../../image/image.ts'
import { objectsAt, stringAt, type JsonObject } from '../../json.ts'
import type { Task } from './stopped-tasks.ts'

/** One container and the digest of what it runs. */
export interface RunningImage {
  readonly container: string
  readonly digest: Digest
}

/** The digests that ECS resolved for a service revision (DescribeServiceRevisions). */
export function imagesOfRevision(answer: JsonObject): readonly RunningImage[] {
  return objectsAt(answer, 'serviceRevisions').flatMap((revision) =>
    objectsAt(revision, 'containerImages').flatMap((image) =>
      toRunningImage(stringAt(image, 'containerName'), stringAt(image, 'imageDigest')),
    ),
  )
}

/** The digests that tasks of a deployment report. */
export function imagesOfTasks(tasks: readonly Task[]): readonly RunningImage[] {
  return tasks
    .filter(({ lastStatus }) => lastStatus === 'RUNNING')
    .flatMap(({ containers }) => containers)
    .flatMap(({ name, imageDigest }) => toRunningImage(name, imageDigest))
}

function toRunningImage(
  container: string | undefined,
  digest: string | undefined,
): readonly RunningImage[] {
  if (container === undefined || digest === undefined || !isDigest(digest)) return []
  return [{ container, digest }]
}

/**
 * Whether the running digests are ours, for the containers that got the image. ECS may record the
 * digest of the index or of the platform's manifest: both are ours.
 */
export function compareImages(
  running: readonly RunningImage[],
  containerNames: readonly string[],
  image: PushedImage,
): 'ours' | 'other' | 'no-evidence' {
  const seen = running.filter(({ container }) => containerNames.includes(container))
  const own = new Set([image.digest, ...image.platforms.map(({ digest }) => digest)])
  if (seen.some(({ digest }) => !own.has(digest))) return 'other'
  const all = containerNames.every((name) => seen.some(({ container }) => container === name))
  return all ? 'ours' : 'no-evidence'
}

/** The same where containers got images of their own. @param images By container name. */
export function compareOwnImages(
  running: readonly RunningImage[],
  images: ReadonlyMap<string, PushedImage>,
): 'ours' | 'other' | 'no-evidence' {
  const found = [...images].map(([name, image]) => compareImages(running, [name], image))
  if (found.includes('other')) return 'other'
  return found.length > 0 && found.every((each) => each === 'ours') ? 'ours' : 'no-evidence'
}

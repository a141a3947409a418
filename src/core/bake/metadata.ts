import { ActionError } from '../errors/action-error.ts'
import { isDigest, type Digest } from '../image/digest.ts'
import { objectAt, parseJsonObject, stringAt } from '../json.ts'

/**
 * The digest of each target, from bake's `--metadata-file`, which holds one object a target.
 * @param targets Those that were built.
 * @throws ActionError `build-result-missing`: without a digest nothing is deployed, never a tag.
 */
export function parseBakeMetadata(
  text: string,
  targets: readonly string[],
): ReadonlyMap<string, Digest> {
  const metadata = parseJsonObject(text) ?? {}
  return new Map(
    targets.map((target) => {
      const digest = stringAt(objectAt(metadata, target), 'containerimage.digest') ?? ''
      if (isDigest(digest)) return [target, digest]
      throw new ActionError(
        'build-result-missing',
        `bake ended well but its metadata file names no "containerimage.digest" of target "${target}"`,
        'Use buildx 0.13 or later with a builder that pushes; nothing was deployed.',
      )
    }),
  )
}

/**
 * The metadata of all targets that a run pushed: as bake wrote it of those that its last call built;
 * of those that came before it nothing was written, and their digests alone are known.
 * @param text What bake wrote; `{}` where nothing was.
 */
export function withArrived(text: string, arrived: ReadonlyMap<string, Digest>): string {
  if (arrived.size === 0) return text
  const before = [...arrived].map(([target, digest]) => [
    target,
    { 'containerimage.digest': digest },
  ])
  return JSON.stringify({ ...Object.fromEntries(before), ...parseJsonObject(text) })
}

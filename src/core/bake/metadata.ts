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

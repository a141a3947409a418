import { ActionError } from '../errors/action-error.ts'
import { isDigest, type Digest } from '../image/digest.ts'
import { parseJsonObject, stringAt } from '../json.ts'

/**
 * The digest of what a build pushed, from buildx's `--metadata-file`.
 * @throws ActionError `build-result-missing`: without a digest nothing is deployed, never a tag.
 */
export function parseBuildMetadata(text: string): Digest {
  const digest = stringAt(parseJsonObject(text) ?? {}, 'containerimage.digest') ?? ''
  if (isDigest(digest)) return digest
  throw new ActionError(
    'build-result-missing',
    'buildx ended well but its metadata file names no "containerimage.digest"',
    'Use buildx 0.13 or later with a builder that pushes; nothing was deployed.',
  )
}

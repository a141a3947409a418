import { ActionError } from '../errors/action-error.ts'
import { isDigest, type Digest } from '../image/digest.ts'
import { isJsonObject, stringAt } from '../json.ts'

/**
 * The digest of what a build pushed, from buildx's `--metadata-file`.
 * @throws ActionError `build-result-missing`: without a digest nothing is deployed, never a tag.
 */
export function parseBuildMetadata(text: string): Digest {
  const digest = digestIn(text) ?? ''
  if (isDigest(digest)) return digest
  throw new ActionError(
    'build-result-missing',
    'buildx ended well but its metadata file names no "containerimage.digest"',
    'Use buildx 0.13 or later with a builder that pushes; nothing was deployed.',
  )
}

function digestIn(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? stringAt(value, 'containerimage.digest') : undefined
  } catch {
    return undefined
  }
}

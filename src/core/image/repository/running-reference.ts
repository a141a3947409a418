import { objectsAt, stringAt, type JsonObject } from '../../json.ts'
import { isDigest, type Digest } from '../digest.ts'
import { livesIn } from './pull-repository.ts'
import type { Repository } from './repository.ts'

/**
 * The digest of `repository` that a task definition pins, for a comparison with what runs now.
 * @param definition What a service runs.
 * @returns undefined where no container pins one: a tag may name another image by now.
 */
export function runningDigest(definition: JsonObject, repository: Repository): Digest | undefined {
  const digests = objectsAt(definition, 'containerDefinitions').flatMap((container) => {
    const digest = digestIn(stringAt(container, 'image') ?? '', repository)
    return digest === undefined ? [] : [digest]
  })
  return digests[0]
}

function digestIn(reference: string, repository: Repository): Digest | undefined {
  const [, digest = ''] = reference.split('@')
  return isDigest(digest) && livesIn(reference, repository) ? digest : undefined
}

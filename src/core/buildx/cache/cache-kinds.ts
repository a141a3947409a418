import { attributesOf, type Attributes } from '../../inputs/build/elements.ts'

/** Whether a cache is one of GitHub's that needs the job's token: it names none of its own. */
export function needsRuntimeToken(cache: string): boolean {
  return isOf(cache, 'gha', 'token')
}

/** Whether a cache is in S3 and needs credentials: it names none of its own. */
export function needsCredentials(cache: string): boolean {
  return isOf(cache, 's3', 'access_key_id')
}

function isOf(cache: string, type: string, withoutKey: string): boolean {
  const attributes: Attributes = attributesOf(cache) ?? []
  const given = new Map(attributes)
  return given.get('type') === type && !given.has(withoutKey)
}

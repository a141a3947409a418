import { attributesOf, type Attributes } from '../../inputs/build/elements.ts'

/** Whether a cache is one of GitHub's that needs the job's token: it names none of its own. */
export function needsRuntimeToken(cache: string): boolean {
  return isOf(cache, 'gha', 'token')
}

/** Whether a cache is in S3 and needs credentials: it names none of its own. */
export function needsCredentials(cache: string): boolean {
  return isOf(cache, 's3', 'access_key_id')
}

/** Whether a cache is in the image itself, and so in that of each platform. */
export function isInline(cache: string): boolean {
  return new Map(attributesOf(cache) ?? []).get('type') === 'inline'
}

/** Attributes of caches that open something (docs.docker.com, cache backends). */
const keyAttributes = new Set(['token', 'access_key_id', 'secret_access_key', 'session_token'])

/** What a cache names of keys and tokens: never to be shown. */
export function keysOf(cache: string): readonly string[] {
  const attributes: Attributes = attributesOf(cache) ?? []
  return attributes.flatMap(([key, text]) => (keyAttributes.has(key) && text !== '' ? [text] : []))
}

function isOf(cache: string, type: string, withoutKey: string): boolean {
  const attributes: Attributes = attributesOf(cache) ?? []
  const given = new Map(attributes)
  return given.get('type') === type && !given.has(withoutKey)
}

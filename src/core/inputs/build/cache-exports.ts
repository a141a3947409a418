import { attributesOf, readElements } from './elements.ts'
import type { InputReader } from '../reader.ts'

/** `cache-to`, each made to forgive its own failure: an image that is pushed is not lost with its cache. */
export function readCacheExports(reader: InputReader): readonly string[] {
  return readElements(reader, 'cache-to').map((cache) => {
    const forgiving = forgive(cache)
    if (forgiving === undefined) reader.reject('cache-to', 'is not type=name and attributes', cache)
    return forgiving ?? cache
  })
}

/** The export that does not fail its build; undefined where it cannot be read. */
export function forgive(cache: string): string | undefined {
  // As buildx reads it: without a `=` it is the name of an image.
  if (!cache.includes('=')) return `type=registry,ref=${cache},ignore-error=true`
  const attributes = attributesOf(cache)
  if (attributes === undefined) return undefined
  const given = new Map(attributes)
  // The inline cache is in the image itself.
  if (given.has('ignore-error') || given.get('type') === 'inline') return cache
  return `${cache},ignore-error=true`
}

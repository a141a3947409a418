import type { Digest } from '../image/digest.ts'

/**
 * What is wrong where an immutable tag cannot be put on an image.
 * @param where The repository, as the sentence names it.
 * @param owner The digest that the tag names; undefined: nobody could tell.
 */
export function takenTag(tag: string, where: string, owner: Digest | undefined): string {
  return `tag "${tag}" of ${where} is immutable and names ${owner ?? 'another image'}`
}

/** Identity tags stay; a filter would let every such tag move. */
export function takenTagRemedy(owner: Digest | undefined): string {
  const image = owner === undefined ? '' : ` (\`mode: deploy\`, \`image: ${owner}\`)`
  return `Deploy that image${image}, or build another commit; add an exclusion filter only for a tag that is meant to move.`
}

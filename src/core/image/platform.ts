/** An operating system and CPU in BuildKit's and OCI's spelling: `linux/arm64`, `linux/arm/v7`. */
export type Platform = `${string}/${string}`

const pattern = /^[a-z0-9_]+\/[a-z0-9_]+(\/[a-z0-9_.]+)?$/

function isPlatform(text: string): text is Platform {
  return pattern.test(text)
}

/**
 * The normal form: lower case, and without the variant that is every arm64's (`v8`) or amd64's
 * (`v1`), so that `linux/arm64/v8` in an index is the `linux/arm64` that was asked for.
 * @returns undefined where `text` names no platform.
 */
export function parsePlatform(text: string): Platform | undefined {
  const lower = text.trim().toLowerCase()
  const plain = lower.replace(/^(.+\/arm64)\/v8$/, '$1').replace(/^(.+\/amd64)\/v1$/, '$1')
  const spelled = plain.replace(/\/aarch64$/, '/arm64').replace(/\/x86_64$/, '/amd64')
  return isPlatform(spelled) ? spelled : undefined
}

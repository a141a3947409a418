/** A content address, `sha256:` and 64 lower-case hex digits. */
export type Digest = `sha256:${string}`

const pattern = /^sha256:[0-9a-f]{64}$/

export function isDigest(text: string): text is Digest {
  return pattern.test(text)
}

/** @throws TypeError where `text` is no digest; for texts that our own tools answered. */
export function parseDigest(text: string): Digest {
  if (isDigest(text)) return text
  throw new TypeError(`${JSON.stringify(text)} is not a sha256 digest`)
}

/** The form in which people read digests: `sha256:0123456789ab`. */
export function shortDigest(digest: Digest): string {
  return digest.slice(0, 'sha256:'.length + 12)
}

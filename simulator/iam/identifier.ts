import { randomBytes } from 'node:crypto'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** A unique id as IAM makes them: a prefix (`ASIA`, `AKIA`, `AROA`, `AIDA`) and 16 characters. */
export function uniqueId(prefix: string): string {
  const letters = Array.from(randomBytes(16), (byte) => ALPHABET[byte % ALPHABET.length])
  return prefix + letters.join('')
}

/** A secret access key: 40 characters. */
export function secretAccessKey(): string {
  return randomBytes(30).toString('base64')
}

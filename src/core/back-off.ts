/**
 * How long to rest before the next attempt: 1 s, 2 s, 4 s, … up to 20 s, so that a bucket that
 * refills once a second (RegisterTaskDefinition's) has time to.
 * @param attempt 1 after the first failure.
 */
export function backOffMs(attempt: number): number {
  return Math.min(20_000, 1_000 * 2 ** (attempt - 1))
}

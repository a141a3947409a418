/**
 * How long to rest before the next attempt: at most 1 s, 2 s, 4 s, … up to 20 s, so that a bucket
 * that refills once a second (RegisterTaskDefinition's) has time to; and at least half as long, as
 * many jobs may have been refused at the same moment (Builders' Library, "Timeouts, retries and
 * backoff with jitter").
 * @param attempt 1 after the first failure.
 * @param chance From 0 to 1, another one each time.
 */
export function backOffMs(attempt: number, chance: number): number {
  const mostMs = Math.min(20_000, 1_000 * 2 ** (attempt - 1))
  return (mostMs / 2) * (1 + chance)
}

import fc, { type Arbitrary } from 'fast-check'

/** Milliseconds, in steps of half a second. */
export const ms = (min: number, max: number): Arbitrary<number> =>
  fc.integer({ min: Math.ceil(min / 500), max: Math.floor(max / 500) }).map((half) => half * 500)

/** Milliseconds, between so many seconds. */
export const seconds = (min: number, max: number): Arbitrary<number> => ms(min * 1_000, max * 1_000)

import { expect, it, jest } from '@jest/globals'

import { benignHistories, failingHistories } from '../../simulator/histories/arbitrary.ts'
import type { History } from '../../simulator/histories/history.ts'
import { examine } from './examine.ts'

const seed = jest.getSeed()

/** A wait to a late deadline is some thousand requests that all say the same. */
const shorter = (history: History): History => ({
  ...history,
  run: { ...history.run, deadlineMs: Math.min(history.run.deadlineMs, 10 * 60_000) },
})

it.each([
  ['benign', benignHistories, 40],
  ['failing', failingHistories.map(shorter), undefined],
] as const)(
  'the same holds in 40 %s histories through the SDK, signatures and HTTP',
  async (_kind, histories, green) => {
    const { outcomes } = await examine(histories, 40, seed, 'http')
    expect(outcomes.get('deployed')).toBe(green)
  },
  120_000,
)

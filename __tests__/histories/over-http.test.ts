import { expect, it, jest } from '@jest/globals'

import { benignHistories, failingHistories } from '../../simulator/histories/arbitrary.ts'
import type { History } from '../../simulator/histories/history.ts'
import { legalise } from '../../simulator/histories/legal.ts'
import { examine } from './examine.ts'

const seed = jest.getSeed()

/** A wait to a late deadline is some thousand requests that all say the same. */
const shorter = (history: History): History =>
  legalise({
    ...history,
    run: { ...history.run, deadlineMs: Math.min(history.run.deadlineMs, 10 * 60_000) },
  })

it.each([
  ['benign', benignHistories, 25],
  ['failing', failingHistories.map(shorter), undefined],
] as const)(
  'the same holds in 25 %s histories through the SDK, signatures and HTTP',
  async (_kind, histories, green) => {
    const { outcomes } = await examine(histories, 25, seed, 'http')
    expect(outcomes.get('deployed')).toBe(green)
  },
  120_000,
)

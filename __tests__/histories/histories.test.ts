import { describe, expect, it, jest } from '@jest/globals'

import {
  anyHistories,
  benignHistories,
  failingHistories,
} from '../../simulator/histories/arbitrary.ts'
import { examine } from './examine.ts'

// Jest prints its seed; `npm test -- --seed=N` brings the same histories back.
const seed = jest.getSeed()
const patience = 120_000

describe('the deploy half in generated histories, against an oracle of its own', () => {
  it(
    'deploys, and says so, in 1000 benign ones',
    async () => {
      const { outcomes, decided } = await examine(benignHistories, 1_000, seed, 'in-process')
      expect([...outcomes]).toEqual([['deployed', 1_000]])
      expect(decided).toBe(1_000)
    },
    patience,
  )

  it(
    'never calls one of 1000 failing ones a success, and names its true end',
    async () => {
      const { outcomes, decided } = await examine(failingHistories, 1_000, seed, 'in-process')
      expect(outcomes.get('deployed')).toBeUndefined()
      const ends = ['failed', 'rolled-back', 'rollback-failed', 'superseded', 'timed-out']
      expect([...outcomes.keys()]).toEqual(expect.arrayContaining([...ends, 'cancelled']))
      // An oracle that allows everything would prove nothing.
      expect(decided).toBeGreaterThan(400)
    },
    patience,
  )

  it(
    'tells the truth in 400 of any kind',
    async () => {
      const { outcomes } = await examine(anyHistories, 400, seed, 'in-process')
      expect(outcomes.get('deployed')).toBeGreaterThan(0)
    },
    patience,
  )
})

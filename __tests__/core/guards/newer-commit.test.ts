import { describe, expect, it } from '@jest/globals'

import { judgeCommit } from '../../../src/core/guards/newer-commit.ts'

describe('a commit that is', () => {
  it.each([
    ['identical', 'pass'],
    ['ahead', 'pass'],
    ['behind', 'refuse'],
    ['diverged', 'warn'],
  ] as const)('%s: %s', (relation, kind) => {
    expect(judgeCommit(relation).kind).toBe(kind)
  })
})

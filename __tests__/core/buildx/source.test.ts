import { describe, expect, it } from '@jest/globals'
import { parseStatus } from '../../../src/core/buildx/source.ts'

describe('parseStatus', () => {
  it('gives paths within the context, new names only of what was renamed', () => {
    const status = ' M app/a\0?? app/b c\0R  app/new\0app/old\0!! app/node_modules/\0'
    expect(parseStatus(status, 'app/')).toEqual(['a', 'b c', 'new', 'node_modules/'])
  })

  it('is empty for a clean tree', () => {
    expect(parseStatus('', '')).toEqual([])
  })
})

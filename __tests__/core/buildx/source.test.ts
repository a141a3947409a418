import { describe, expect, it } from '@jest/globals'
import { markUnfetched, parseStatus } from '../../../src/core/buildx/source.ts'

describe('parseStatus', () => {
  it('gives paths within the context, new names only of what was renamed', () => {
    const status = ' M app/a\0?? app/b c\0R  app/new\0app/old\0!! app/node_modules/\0'
    expect(parseStatus(status, 'app/')).toEqual(['a', 'b c', 'new', 'node_modules/'])
  })

  it('is empty for a clean tree', () => {
    expect(parseStatus('', '')).toEqual([])
  })
})

describe('markUnfetched', () => {
  it('has a text for each submodule and file, in whatever order they were found', () => {
    const marks = ['absent submodule b', 'absent submodule docs/theme', 'pointer img/a.png']
    const pointers = ['img/a.png']
    expect(markUnfetched({ absentSubmodules: ['docs/theme', 'b'], pointers })).toEqual(marks)
    expect(markUnfetched({ absentSubmodules: ['b', 'docs/theme'], pointers })).toEqual(marks)
  })

  it('is empty where all was fetched', () => {
    expect(markUnfetched({ absentSubmodules: [], pointers: [] })).toEqual([])
  })
})

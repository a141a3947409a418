import { describe, expect, it } from '@jest/globals'
import { readGitHubToken } from '../../../../src/core/inputs/identity/github-token.ts'
import { InputReader } from '../../../../src/core/inputs/reader.ts'

const read = (value?: string) =>
  readGitHubToken(new InputReader(new Map(value === undefined ? [] : [['github-token', value]])))

describe('github-token', () => {
  it('is what the runner hands over', () => {
    expect(read(' ghs_1 ')).toBe('ghs_1')
  })

  it.each([undefined, '', '${{ github.token }}'])('is none where %j is given', (value) => {
    expect(read(value)).toBeUndefined()
  })

  it('is not shown in a message about itself', () => {
    const reader = new InputReader(new Map([['github-token', 'ghs_1']]))
    reader.reject('github-token', 'is wrong')
    expect(JSON.stringify(reader.problems)).not.toContain('ghs_1')
  })
})

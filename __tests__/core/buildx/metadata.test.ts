import { describe, expect, it } from '@jest/globals'
import { parseBuildMetadata } from '../../../src/core/buildx/metadata.ts'

const digest = `sha256:${'a'.repeat(64)}`

describe('parseBuildMetadata', () => {
  it('finds the digest of what was pushed', () => {
    const text = JSON.stringify({ 'containerimage.digest': digest, 'buildx.build.ref': 'x' })
    expect(parseBuildMetadata(text)).toBe(digest)
  })

  it.each([
    '',
    '{}',
    'null',
    '{"containerimage.digest": 1}',
    '{"containerimage.digest": "sha256:1"}',
  ])('fails closed on %j', (text) => {
    expect(() => parseBuildMetadata(text)).toThrow(
      expect.objectContaining({ code: 'build-result-missing' }),
    )
  })
})

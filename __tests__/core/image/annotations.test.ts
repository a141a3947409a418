import { describe, expect, it } from '@jest/globals'
import { describeOrigin, factsOf, withFingerprint } from '../../../src/core/image/annotations.ts'
import { identifyImage } from '../../../src/core/image/naming/tags.ts'
import { commit, runContext } from '../../support/run-context.ts'
import { tagRules } from '../../support/tag-rules.ts'

describe('describeOrigin', () => {
  it('gives the OCI set, dated by the commit', () => {
    const context = runContext({ ref: 'refs/tags/v1.2.3' })
    const committedAt = new Date('2026-11-22T10:00:00+02:00')
    expect(
      describeOrigin(context, identifyImage(context, tagRules(), new Date(0)), committedAt),
    ).toEqual({
      'org.opencontainers.image.title': 'shop',
      'org.opencontainers.image.description': 'A shop',
      'org.opencontainers.image.url': 'https://github.com/octo/shop',
      'org.opencontainers.image.source': 'https://github.com/octo/shop',
      'org.opencontainers.image.version': '1.2.3',
      'org.opencontainers.image.created': '2026-11-22T08:00:00.000Z',
      'org.opencontainers.image.revision': commit,
      'org.opencontainers.image.licenses': 'MIT',
    })
  })

  it('leaves out what the run does not know, and keeps every value on one line', () => {
    const context = runContext({ event: { repository: { description: 'two\n::error::lines' } } })
    const origin = describeOrigin(
      context,
      identifyImage(context, tagRules(), new Date(0)),
      undefined,
    )
    expect(Object.keys(origin)).not.toContain('org.opencontainers.image.created')
    expect(Object.keys(origin)).not.toContain('org.opencontainers.image.licenses')
    expect(origin['org.opencontainers.image.description']).toBe('two ::error::lines')
  })
})

describe('factsOf', () => {
  it('reads back what a build puts on', () => {
    const context = runContext()
    const origin = describeOrigin(
      context,
      identifyImage(context, tagRules(), new Date(0)),
      undefined,
    )
    expect(factsOf(withFingerprint(origin, 'abc'))).toEqual({
      commit,
      version: commit,
      fingerprint: 'abc',
    })
  })
})

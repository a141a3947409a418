import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  describeOrigin,
  factsOf,
  freshnessOf,
  hidesFact,
  obstaclesOf,
  tellsObstacles,
  withFingerprint,
  withFreshness,
  withObstacles,
} from '../../../src/core/image/annotations.ts'
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

describe('the obstacles of a build', () => {
  it('are read back as they were put on, each on the one line of its annotation', () => {
    const obstacle = fc.string({ minLength: 1 }).filter((text) => !/[\s;]/.test(text))
    fc.assert(
      fc.property(fc.array(obstacle), (obstacles) => {
        expect(obstaclesOf(withObstacles({ a: 'b' }, obstacles))).toEqual(obstacles)
      }),
    )
    const [told] = Object.values(withObstacles({}, ['"a\n::error::b" is not as committed']))
    expect(told).toBe('"a ::error::b" is not as committed')
  })

  it('are not there where equal facts are proof', () => {
    expect(withObstacles({ a: 'b' }, [])).toEqual({ a: 'b' })
  })

  it("are a fact of ours, which no annotation of the user's takes away", () => {
    const [key = ''] = Object.keys(withObstacles({}, ['`pull` is set']))
    expect(hidesFact({ place: 'manifest', key, value: '' })).toBe(true)
  })

  it('are short, whatever the paths in them, and never end in half a character', () => {
    const annotations = withObstacles({}, [`"${'\u{1F433}'.repeat(4000)}" is not as committed`])
    const [told = ''] = Object.values(annotations)
    expect(Array.from(told)).toHaveLength(1000)
    expect(Buffer.from(told).toString()).toBe(told)
    expect(obstaclesOf(annotations)).toEqual([told])
  })

  it('are read in one short line, too, where somebody else wrote them', () => {
    const [key = ''] = Object.keys(withObstacles({}, ['a']))
    expect(obstaclesOf({ [key]: 'a\n::error::b' })).toEqual(['a ::error::b'])
    expect(obstaclesOf({ [key]: 'a'.repeat(5000) })[0]).toHaveLength(1000)
  })

  it('are those of another build where one more, one less or another is told', () => {
    const path = fc.string({ minLength: 1 })
    fc.assert(
      fc.property(fc.array(path), (obstacles) => {
        const annotations = withObstacles({}, obstacles)
        expect(tellsObstacles(annotations, obstacles)).toBe(true)
        expect(tellsObstacles(annotations, [...obstacles, 'the context is remote'])).toBe(false)
      }),
    )
    expect(tellsObstacles(withObstacles({}, ['a']), [])).toBe(false)
    expect(tellsObstacles({}, [])).toBe(true)
  })
})

describe('why a leg was built anew', () => {
  it('is told beside its obstacles, and is none of them', () => {
    const annotations = withFreshness(withObstacles({ a: 'b' }, ['c']), ['`pull` is set', 'd'])
    expect(freshnessOf(annotations)).toEqual(['`pull` is set', 'd'])
    expect(obstaclesOf(annotations)).toEqual(['c'])
    expect(withFreshness({ a: 'b' }, [])).toEqual({ a: 'b' })
  })

  it("is a fact of ours, which no annotation of the user's takes away", () => {
    const [key = ''] = Object.keys(withFreshness({}, ['`pull` is set']))
    expect(hidesFact({ place: 'manifest', key, value: '' })).toBe(true)
  })
})

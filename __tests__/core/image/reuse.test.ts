import { describe, expect, it } from '@jest/globals'
import { decideReuse, type ReuseQuestion } from '../../../src/core/image/reuse.ts'
import { registryImage } from '../../support/registry-image.ts'
import { commit } from '../../support/run-context.ts'

const sha = `sha-${commit}`
const image = registryImage()
const immutable = { tagMutability: 'IMMUTABLE', exclusionFilters: [] }
const mutable = { tagMutability: 'MUTABLE', exclusionFilters: [] }

const question = (differences: Partial<ReuseQuestion> = {}): ReuseQuestion => ({
  repositoryUri: 'host/team/app',
  mutability: immutable,
  identityTags: [sha],
  existing: new Map([[sha, image]]),
  commit,
  fingerprint: 'f00d',
  platforms: ['linux/amd64', 'linux/arm64'],
  skipExisting: 'auto',
  runAttempt: 1,
  obstacles: [],
  ...differences,
})

describe('decideReuse', () => {
  it('takes an image that is proven the same under an immutable tag', () => {
    expect(decideReuse(question())).toEqual({ kind: 'reuse', image, tags: [sha] })
  })

  it('builds where no identity tag is taken', () => {
    expect(decideReuse(question({ existing: new Map() })).kind).toBe('build')
  })

  it.each<[string, Partial<ReuseQuestion>, string]>([
    ['on the first attempt of a run', {}, 'build'],
    ['on a later attempt', { runAttempt: 2 }, 'reuse'],
    ['where skip-existing asks for it', { skipExisting: 'true' }, 'reuse'],
  ])('with mutable tags %s', (_name, differences, kind) => {
    expect(decideReuse(question({ mutability: mutable, ...differences })).kind).toBe(kind)
  })

  it('builds where skip-existing is false, even under an immutable tag', () => {
    expect(decideReuse(question({ skipExisting: 'false' })).kind).toBe('build')
  })

  it('takes the very bytes for what they are, without further proof and however tags are', () => {
    const { digest } = image
    const same = { digest, obstacles: ['`pull` is set'], mutability: mutable }
    expect(decideReuse(question(same))).toEqual({ kind: 'reuse', image, tags: [sha] })
    const other = registryImage({ fingerprint: 'beef' })
    const split = new Map([...question().existing, ['1.2.3', other]])
    const decision = decideReuse(
      question({ ...same, mutability: immutable, identityTags: [sha, '1.2.3'], existing: split }),
    )
    expect(decision.kind).toBe('refuse')
  })

  it('takes an image for a release tag that is put on a commit built before', () => {
    const decision = decideReuse(question({ identityTags: [sha, '1.2.3'] }))
    expect(decision).toEqual({ kind: 'reuse', image, tags: [sha] })
  })

  it.each<[string, Partial<ReuseQuestion>, RegExp]>([
    ['commit', { commit: 'e'.repeat(40) }, /its commit is 0123456789ab, not eeeeeeeeeeee/],
    ['fingerprint', { fingerprint: 'beef' }, /its fingerprint of build inputs is f00d, not beef/],
    ['platforms', { platforms: ['linux/arm/v7'] }, /it has no linux\/arm\/v7/],
    ['proof', { obstacles: ['`no-cache` is set'] }, /`no-cache` is set/],
    [
      'second tag',
      {
        identityTags: [sha, '1.2.3'],
        existing: new Map([
          [sha, image],
          ['1.2.3', registryImage({ commit: 'd'.repeat(40) })],
        ]),
      },
      /the tag "1.2.3" names another image/,
    ],
  ])('refuses an immutable tag whose %s differs, and says what', (_name, differences, message) => {
    const decision = decideReuse(question(differences))
    if (decision.kind !== 'refuse') throw new Error(`decided to ${decision.kind}`)
    expect(decision.error.code).toBe('reuse-refused')
    expect(decision.error.message).toMatch(message)
    expect(decision.error.message).toContain(`"${sha}" of "host/team/app" holds sha256:`)
  })

  describe('of an image whose build had what nobody committed', () => {
    const told = '"a" in the context is not as committed'
    const dirty = registryImage({ obstacles: [told] })
    const existing = new Map([[sha, dirty]])
    const reason = `the image that is there was built with: ${told}`

    it('refuses an immutable tag, and says what the image says of itself', () => {
      expect(decideReuse(question({ existing }))).toMatchObject({
        kind: 'refuse',
        error: { code: 'reuse-refused', message: expect.stringContaining(reason) },
      })
    })

    it.each<[string, Partial<ReuseQuestion>]>([
      ['on a later attempt', { runAttempt: 2 }],
      ['where skip-existing asks for reuse', { skipExisting: 'true' }],
    ])('builds over a mutable tag %s', (_name, differences) => {
      const decision = decideReuse(question({ mutability: mutable, existing, ...differences }))
      expect(decision).toEqual({ kind: 'build', reason })
    })

    it('needs only one platform to say so', () => {
      const [, second] = dirty.platforms
      const [first] = image.platforms
      if (first === undefined || second === undefined) throw new Error('two')
      const half = { ...image, platforms: [first, second] }
      expect(decideReuse(question({ existing: new Map([[sha, half]]) })).kind).toBe('refuse')
    })

    it('takes its very bytes for what they are', () => {
      const decision = decideReuse(question({ existing, digest: dirty.digest, obstacles: [told] }))
      expect(decision).toEqual({ kind: 'reuse', image: dirty, tags: [sha] })
    })
  })

  it('takes an image that was asked for anew, where nobody asks for that now', () => {
    const anew = registryImage({ freshness: ['`pull` is set'] })
    const decision = decideReuse(question({ existing: new Map([[sha, anew]]) }))
    expect(decision).toEqual({ kind: 'reuse', image: anew, tags: [sha] })
  })

  it('builds over a mutable tag that holds something else', () => {
    const decision = decideReuse(question({ mutability: mutable, fingerprint: 'beef' }))
    expect(decision).toMatchObject({ kind: 'build' })
  })

  describe('of an image that somebody else put under a mutable tag', () => {
    const silent = {
      ...image,
      platforms: image.platforms.map((platform) => ({ ...platform, annotations: {} })),
    }
    const planted = { mutability: mutable, existing: new Map([[sha, silent]]) }

    it.each<[string, Partial<ReuseQuestion>]>([
      ['on the first attempt', {}],
      ['on a later attempt', { runAttempt: 2 }],
      ['where skip-existing asks for reuse', { skipExisting: 'true' }],
    ])('builds over one without our facts %s', (_name, differences) => {
      expect(decideReuse(question({ ...planted, ...differences }))).toEqual({
        kind: 'build',
        reason: 'it tells no commit; it tells no fingerprint of build inputs',
      })
    })

    // Whoever may push may copy annotations; only an immutable tag keeps them out.
    const copied = registryImage({ platforms: ['linux/amd64', 'linux/arm64', 'linux/s390x'] })

    it.each<[string, Partial<ReuseQuestion>, string]>([
      ['builds over it on the first attempt', {}, 'build'],
      ['takes it on a later attempt', { runAttempt: 2 }, 'reuse'],
      ['takes it where skip-existing asks for reuse', { skipExisting: 'true' }, 'reuse'],
    ])('with our facts copied %s', (_name, differences, kind) => {
      const existing = new Map([[sha, copied]])
      const decision = decideReuse(question({ mutability: mutable, existing, ...differences }))
      expect(decision.kind).toBe(kind)
    })
  })

  it('takes nothing that says nothing of itself', () => {
    const silent = {
      ...image,
      platforms: image.platforms.map((platform) => ({ ...platform, annotations: {} })),
    }
    const decision = decideReuse(question({ existing: new Map([[sha, silent]]) }))
    expect(decision.kind).toBe('refuse')
  })

  it('takes no image whose platforms tell different fingerprints', () => {
    const [first, second] = image.platforms
    const [, other] = registryImage({ fingerprint: 'other' }).platforms
    if (first === undefined || second === undefined || other === undefined) throw new Error('two')
    const mixed = { ...image, platforms: [first, { ...second, annotations: other.annotations }] }
    expect(decideReuse(question({ existing: new Map([[sha, mixed]]) })).kind).toBe('refuse')
  })
})

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { joinLegs } from '../../../../src/core/image/content/join-legs.ts'
import type { Platform } from '../../../../src/core/image/platform.ts'
import type { RegistryImage } from '../../../../src/core/image/content/registry-image.ts'
import { contentDigest } from '../../../../src/core/image/content/verify.ts'
import { registryImage } from '../../../support/registry-image.ts'
import { commit } from '../../../support/run-context.ts'

const platforms: readonly Platform[] = ['linux/amd64', 'linux/arm64']
const wanted = { platforms, commit, annotations: {} }
const leg = (platform: Platform, about: Parameters<typeof registryImage>[0] = {}): RegistryImage =>
  withAttestation(registryImage({ ...about, platforms: [platform] }))

/** As BuildKit files it: under `unknown/unknown`, for the platform beside it. */
function withAttestation(image: RegistryImage): RegistryImage {
  const manifests = [
    ...image.platforms.map(({ platform, digest }) => {
      const [os, architecture] = platform.split('/')
      return { mediaType: 'm', digest, size: 1, platform: { os, architecture } }
    }),
    {
      mediaType: 'm',
      digest: contentDigest(`attestation of ${image.digest}`),
      size: 2,
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
    },
  ]
  const manifest = JSON.stringify({ manifests })
  return { ...image, manifest, digest: contentDigest(manifest) }
}

interface Descriptor {
  readonly digest: string
  readonly platform: Readonly<Record<string, string>>
}
const entriesOf = (legs: readonly RegistryImage[]): readonly Descriptor[] =>
  (JSON.parse(joinLegs(legs, wanted).index.manifest) as { manifests: Descriptor[] }).manifests

describe('joinLegs', () => {
  it('names every manifest of every leg, platforms first and attestations behind them', () => {
    const entries = entriesOf([leg('linux/arm64'), leg('linux/amd64')])
    expect(entries.map(({ platform }) => platform['architecture'])).toEqual([
      'amd64',
      'arm64',
      'unknown',
      'unknown',
    ])
    const { index, fingerprint } = joinLegs([leg('linux/arm64'), leg('linux/amd64')], wanted)
    expect(index.digest).toBe(contentDigest(index.manifest))
    expect(fingerprint).toBe('f00d')
  })

  it('gives the same bytes for the platforms whatever the order of the legs', () => {
    const [amd, arm] = [leg('linux/amd64'), leg('linux/arm64')]
    const platformsOf = (legs: readonly RegistryImage[]) => entriesOf(legs).slice(0, 2)
    expect(platformsOf([amd, arm])).toEqual(platformsOf([arm, amd]))
  })

  it('gives a lone manifest an entry of its own', () => {
    const [platform] = registryImage({ platforms: ['linux/arm64'] }).platforms
    if (platform === undefined) throw new TypeError('no platform')
    const manifest = '{"config":{},"layers":[]}'
    const digest = contentDigest(manifest)
    const lone: RegistryImage = {
      digest,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      manifest,
      platforms: [{ ...platform, digest }],
      missing: [],
      annotations: platform.annotations,
    }
    expect(entriesOf([leg('linux/amd64'), lone])[1]).toEqual({
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest,
      size: manifest.length,
      platform: { os: 'linux', architecture: 'arm64' },
    })
  })

  it('tells each reason of any leg why equal facts prove nothing, once', () => {
    const told = (...obstacles: readonly (readonly string[])[]) =>
      joinLegs(
        platforms.map((platform, at) => leg(platform, { obstacles: obstacles[at] ?? [] })),
        wanted,
      ).obstacles
    expect(told(['`pull` is set'], ['`pull` is set', '`no-cache` is set'])).toEqual([
      '`pull` is set',
      '`no-cache` is set',
    ])
    expect(told([], ['`pull` is set'])).toEqual(['`pull` is set'])
    expect(told([], [])).toEqual([])
  })

  it('tells each reason of any leg why it was built anew, once, and apart from the others', () => {
    const legs = [
      leg('linux/amd64', { freshness: ['`pull` is set'], obstacles: ['a'] }),
      leg('linux/arm64', { freshness: ['`pull` is set', '`no-cache` is set'] }),
    ]
    expect(joinLegs(legs, wanted)).toMatchObject({
      freshness: ['`pull` is set', '`no-cache` is set'],
      obstacles: ['a'],
    })
  })

  it('puts the annotations of the index on it', () => {
    const joined = joinLegs([leg('linux/amd64'), leg('linux/arm64')], {
      ...wanted,
      annotations: { team: 'web' },
    })
    expect(JSON.parse(joined.index.manifest)).toMatchObject({ annotations: { team: 'web' } })
  })

  it.each<[string, readonly RegistryImage[], RegExp]>([
    ['a missing platform', [leg('linux/amd64')], /lack linux\/arm64/],
    [
      'a platform twice',
      [leg('linux/amd64'), leg('linux/amd64', { commit }), leg('linux/arm64')],
      /have twice linux\/amd64/,
    ],
    [
      'a platform that is not asked for',
      [leg('linux/amd64'), leg('linux/arm64'), leg('linux/arm/v7')],
      /have besides linux\/arm\/v7/,
    ],
    [
      'another commit in all legs',
      [
        leg('linux/amd64', { commit: 'b'.repeat(40) }),
        leg('linux/arm64', { commit: 'b'.repeat(40) }),
      ],
      /built of commit bbbbbbbbbbbb, and this run is of/,
    ],
    [
      'commits that differ',
      [leg('linux/amd64'), leg('linux/arm64', { commit: 'b'.repeat(40) })],
      /differ in their commit/,
    ],
    [
      'build inputs that differ',
      [leg('linux/amd64'), leg('linux/arm64', { fingerprint: 'beef' })],
      /differ in their fingerprint \(.*beef/,
    ],
    [
      'an image of somebody else',
      [leg('linux/amd64'), { ...leg('linux/arm64'), platforms: [] }],
      /tells no commit/,
    ],
  ])('refuses %s', (_what, legs, message) => {
    expect(() => joinLegs(legs, wanted)).toThrow(message)
    expect(() => joinLegs(legs, wanted)).toThrow(expect.objectContaining({ code: 'merge-refused' }))
  })

  it('covers the platforms exactly or refuses, whatever it is given', () => {
    const any = fc.constantFrom<Platform>(
      'linux/amd64',
      'linux/arm64',
      'linux/386',
      'windows/amd64',
    )
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 4 }), (built) => {
        const legs = built.map((platform) => leg(platform))
        const exact = [...built].sort().join() === [...platforms].sort().join()
        const join = () => joinLegs(legs, wanted)
        if (exact) expect(join()).toBeDefined()
        else expect(join).toThrow()
      }),
    )
  })
})

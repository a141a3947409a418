import { describe, expect, it } from '@jest/globals'
import { parseManifest } from '../../../../src/core/image/content/manifest.ts'

const digest = (character: string): string => `sha256:${character.repeat(64)}`

describe('parseManifest', () => {
  it('lists the platforms of an index without its attestations', () => {
    const text = JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      annotations: { a: 'b', c: 1 },
      manifests: [
        { digest: digest('a'), platform: { os: 'linux', architecture: 'amd64' } },
        { digest: digest('b'), platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } },
        { digest: digest('c'), platform: { os: 'linux', architecture: 'arm', variant: 'v7' } },
        { digest: digest('d'), platform: { os: 'unknown', architecture: 'unknown' } },
      ],
    })
    expect(parseManifest(text)).toEqual({
      kind: 'index',
      annotations: { a: 'b' },
      children: [
        { platform: 'linux/amd64', digest: digest('a') },
        { platform: 'linux/arm64', digest: digest('b') },
        { platform: 'linux/arm/v7', digest: digest('c') },
      ],
    })
  })

  it('reads a Docker manifest list as an index', () => {
    const mediaType = 'application/vnd.docker.distribution.manifest.list.v2+json'
    const manifests = [{ digest: digest('a'), platform: { os: 'linux', architecture: 'amd64' } }]
    expect(parseManifest(JSON.stringify({ mediaType, manifests }))).toMatchObject({
      kind: 'index',
      children: [{ platform: 'linux/amd64' }],
    })
  })

  it('counts config and layers of a manifest', () => {
    const text = JSON.stringify({ config: { size: 10 }, layers: [{ size: 100 }, { size: 1000 }] })
    expect(parseManifest(text)).toEqual({ kind: 'manifest', sizeBytes: 1110, annotations: {} })
  })

  it.each(['', 'null', '[]', '{}', '"x"', '{"manifests": 1}', '{'])(
    'says that %j is no manifest',
    (text) => {
      expect(parseManifest(text)).toBeUndefined()
    },
  )

  it('leaves out children without a digest', () => {
    const text = JSON.stringify({ manifests: [{ platform: { os: 'linux', architecture: 'x' } }] })
    expect(parseManifest(text)).toMatchObject({ children: [] })
  })
})

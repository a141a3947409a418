import { describe, expect, it } from '@jest/globals'
import { contentDigest, verifyPushed } from '../../../../src/core/image/content/verify.ts'
import { registryImage } from '../../../support/registry-image.ts'

const image = registryImage()
const where = 'host/team/app:sha-1'

describe('verifyPushed', () => {
  it('accepts the very bytes with all platforms', () => {
    const expected = { digest: image.digest, platforms: ['linux/arm64', 'linux/amd64'] as const }
    expect(() => verifyPushed(image, expected, where)).not.toThrow()
  })

  it('refuses other bytes, whatever digest the registry claims for them', () => {
    const forged = { ...image, manifest: `${image.manifest} ` }
    const expected = { digest: image.digest, platforms: [] }
    expect(() => verifyPushed(forged, expected, where)).toThrow(
      expect.objectContaining({ code: 'digest-mismatch' }),
    )
  })

  it('names the platforms that are not there', () => {
    const expected = {
      digest: image.digest,
      platforms: ['linux/amd64', 'linux/arm/v7', 'linux/s390x'] as const,
    }
    expect(() => verifyPushed(image, expected, where)).toThrow(
      expect.objectContaining({
        code: 'image-incomplete',
        message: expect.stringContaining('lacks linux/arm/v7, linux/s390x'),
      }),
    )
  })
})

describe('contentDigest', () => {
  it('is the sha256 of the bytes', () => {
    expect(contentDigest('')).toBe(
      'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    )
  })
})

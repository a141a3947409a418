import { gzipSync } from 'node:zlib'

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { parseDigest } from '../../../../src/core/image/digest.ts'
import { unpackedSizeOf, unpackedSource } from '../../../../src/core/image/content/unpacked-size.ts'

const digest = parseDigest(`sha256:${'a'.repeat(64)}`)
const layer = (mediaType: string, sizeBytes = 10) => ({ digest, mediaType, sizeBytes })
const docker = 'application/vnd.docker.image.rootfs.diff'
const oci = 'application/vnd.oci.image.layer.v1'

describe('unpackedSource', () => {
  it.each([
    [`${oci}.tar`, 10, 'itself'],
    [`${oci}.tar+gzip`, 10, 'trailer'],
    [`${docker}.tar.gzip`, 10, 'trailer'],
    [`${oci}.tar+gzip`, 500_000_000, 'none'],
    [`${oci}.tar+zstd`, 10, 'none'],
    ['application/vnd.in-toto+json', 10, 'none'],
  ])('is for %s of %d bytes: %s', (mediaType, sizeBytes, source) => {
    expect(unpackedSource(layer(mediaType, sizeBytes))).toBe(source)
  })
})

describe('unpackedSizeOf', () => {
  it('is what went into gzip, at every level and for what cannot be compressed, too', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 20_000 }),
        fc.integer({ min: 0, max: 9 }),
        fc.integer({ min: 1, max: 20 }),
        (bytes, level, times) => {
          const content = Buffer.concat(Array<Uint8Array>(times).fill(bytes))
          const packed = gzipSync(content, { level })
          expect(unpackedSizeOf(packed.subarray(-4), packed.length)).toEqual({
            ...{ bytes: content.length, atLeast: false },
          })
        },
      ),
    )
  })

  it('is not known of several members, of which the last counts itself alone', () => {
    const noise = Buffer.from(Array.from({ length: 9000 }, (_one, at) => (at * 7919) % 251))
    const members = Buffer.concat([gzipSync(noise, { level: 0 }), gzipSync(Buffer.alloc(0))])
    expect(unpackedSizeOf(members.subarray(-4), members.length)).toBeUndefined()
  })

  it('is not known of a trailer that was cut', () => {
    expect(unpackedSizeOf(new Uint8Array(3), 10)).toBeUndefined()
  })

  it.each([
    // 4,311,744,512 bytes of zeros, as gzip packs them.
    ['what 4.3 GB of zeros have', 4_190_832, 16_777_216, true],
    ['the base of most images', 30_000_000, 80_000_000, true],
    ['what cannot have gone round', 4_000_000, 16_777_216, false],
    ['the last that cannot', 4_161_790, 0xffffffff, false],
    ['what is far above the trailer before it', 8_000_000, 0xffffffff, false],
  ])('of %s (%d bytes, trailer %d) is a least size: %s', (_what, compressed, told, atLeast) => {
    const trailer = new Uint8Array(4)
    new DataView(trailer.buffer).setUint32(0, told, true)
    expect(unpackedSizeOf(trailer, compressed)).toEqual({ bytes: told, atLeast })
  })

  it('counts on a ratio that gzip does not exceed', () => {
    const zeros = Buffer.alloc(16 * 1024 * 1024)
    expect(zeros.length / gzipSync(zeros, { level: 9 }).length).toBeLessThan(1032)
  })
})

import { gzipSync } from 'node:zlib'

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { parseDigest } from '../../../../src/core/image/digest.ts'
import {
  unpackedBytesOf,
  unpackedSource,
} from '../../../../src/core/image/content/unpacked-size.ts'

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

describe('unpackedBytesOf', () => {
  it('is what went into gzip, at every level and for what cannot be compressed, too', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 20_000 }),
        fc.integer({ min: 0, max: 9 }),
        fc.integer({ min: 1, max: 20 }),
        (bytes, level, times) => {
          const content = Buffer.concat(Array<Uint8Array>(times).fill(bytes))
          const packed = gzipSync(content, { level })
          expect(unpackedBytesOf(packed.subarray(-4), packed.length)).toBe(content.length)
        },
      ),
    )
  })

  it('is not known of several members, of which the last counts itself alone', () => {
    const noise = Buffer.from(Array.from({ length: 9000 }, (_one, at) => (at * 7919) % 251))
    const members = Buffer.concat([gzipSync(noise, { level: 0 }), gzipSync(Buffer.alloc(0))])
    expect(unpackedBytesOf(members.subarray(-4), members.length)).toBeUndefined()
  })

  it('is not known of a trailer that was cut', () => {
    expect(unpackedBytesOf(new Uint8Array(3), 10)).toBeUndefined()
  })
})

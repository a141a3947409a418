import type { Blob } from './layers.ts'

/** Bytes at the end of a gzip member that tell how much went in (RFC 1952, ISIZE). */
export const gzipTrailerBytes = 4

const trailerModulus = 2 ** 32

/** Deflate makes of two bits 258 bytes at most (RFC 1951, 3.2.5): of each byte 1032. */
const largestRatio = 1032

/**
 * Of layers above this size, which is a ratio of ten, the trailer is more likely to have gone round
 * than the least size to be of use: nothing is said.
 */
const largestToldBytes = trailerModulus / 10

/** What a layer takes on the host. */
export interface UnpackedSize {
  readonly bytes: number
  /** It may be more by a multiple of 4 GiB. */
  readonly atLeast: boolean
}

/** How the unpacked size of a layer can be had. */
export function unpackedSource({ mediaType, sizeBytes }: Blob): 'itself' | 'trailer' | 'none' {
  if (/\.tar$/.test(mediaType)) return 'itself'
  if (!/[.+]gzip$/.test(mediaType)) return 'none'
  return sizeBytes <= largestToldBytes ? 'trailer' : 'none'
}

/**
 * The unpacked size that a gzip trailer tells: itself, or the least that it can be where the next
 * size with this trailer could be compressed as far, too (4.3 GB of zeros are 4.2 MB).
 * @returns undefined where it cannot be the whole: smaller than the compressed bytes less what gzip
 * adds to what it cannot compress. So it is for layers of several gzip members, as eStargz has them,
 * whose last one counts itself alone.
 */
export function unpackedSizeOf(
  trailer: Uint8Array,
  compressedBytes: number,
): UnpackedSize | undefined {
  if (trailer.length !== gzipTrailerBytes) return undefined
  const bytes = new DataView(trailer.buffer, trailer.byteOffset, trailer.length).getUint32(0, true)
  // Stored blocks add 5 bytes to at most 64 KiB each (RFC 1951); encoders close them earlier.
  const addedAtMost = 1024 + compressedBytes / 1000
  if (bytes + addedAtMost < compressedBytes) return undefined
  return { bytes, atLeast: bytes + trailerModulus <= compressedBytes * largestRatio }
}

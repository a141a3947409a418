import type { Blob } from './layers.ts'

/** Bytes at the end of a gzip member that tell how much went in (RFC 1952, ISIZE). */
export const gzipTrailerBytes = 4

/**
 * The trailer counts modulo 4 GiB. Layers up to this size stay below it at a ratio of ten, more than
 * file systems are found to compress by; of larger ones nothing is said.
 */
const largestToldBytes = 2 ** 32 / 10

/** How the unpacked size of a layer can be had. */
export function unpackedSource({ mediaType, sizeBytes }: Blob): 'itself' | 'trailer' | 'none' {
  if (/\.tar$/.test(mediaType)) return 'itself'
  if (!/[.+]gzip$/.test(mediaType)) return 'none'
  return sizeBytes <= largestToldBytes ? 'trailer' : 'none'
}

/**
 * The unpacked size that a gzip trailer tells.
 * @returns undefined where it cannot be the whole: smaller than the compressed bytes less what gzip
 * adds to what it cannot compress. So it is for layers of several gzip members, as eStargz has them,
 * whose last one counts itself alone.
 */
export function unpackedBytesOf(trailer: Uint8Array, compressedBytes: number): number | undefined {
  if (trailer.length !== gzipTrailerBytes) return undefined
  const bytes = new DataView(trailer.buffer, trailer.byteOffset, trailer.length).getUint32(0, true)
  // Stored blocks add 5 bytes to at most 64 KiB each (RFC 1951); encoders close them earlier.
  const addedAtMost = 1024 + compressedBytes / 1000
  return bytes + addedAtMost < compressedBytes ? undefined : bytes
}

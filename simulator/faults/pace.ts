import { Readable } from 'node:stream'

import type { Clock } from '../clock/clock.ts'

/** The smallest piece that a slow link carries at a time. */
const LEAST_BYTES = 256
/** So often a slow link carries a piece. */
const PIECES_PER_SECOND = 10

/** Rests on the simulator's clock; ends at once when nobody waits for what follows. */
export function rest(clock: Clock, ms: number, gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      cancel()
      gone.removeEventListener('abort', wake)
      resolve()
    }
    const cancel = clock.schedule(ms, wake)
    gone.addEventListener('abort', wake)
    if (gone.aborted) wake()
  })
}

/** `bytes` as a slow link delivers them: piece after piece on the simulator's clock. */
export function paced(
  bytes: AsyncIterable<unknown>,
  bytesPerSecond: number,
  clock: Clock,
  gone: AbortSignal,
): Readable {
  return Readable.from(pieces(bytes, bytesPerSecond, clock, gone), { objectMode: false })
}

async function* pieces(
  bytes: AsyncIterable<unknown>,
  bytesPerSecond: number,
  clock: Clock,
  gone: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const most = Math.max(LEAST_BYTES, Math.ceil(bytesPerSecond / PIECES_PER_SECOND))
  for await (const chunk of bytes) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('a body is made of bytes')
    for (let at = 0; at < chunk.byteLength; at += most) {
      const piece = chunk.subarray(at, at + most)
      await rest(clock, (piece.byteLength * 1000) / bytesPerSecond, gone)
      if (gone.aborted) return
      yield piece
    }
  }
}

/** The first `count` bytes; then, also when there were fewer, reading fails. */
export function brokenOff(bytes: AsyncIterable<unknown>, count: number): Readable {
  return Readable.from(firstBytes(bytes, count), { objectMode: false })
}

async function* firstBytes(
  bytes: AsyncIterable<unknown>,
  count: number,
): AsyncGenerator<Uint8Array> {
  let left = count
  for await (const chunk of bytes) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('a body is made of bytes')
    if (left > 0) yield chunk.subarray(0, left)
    left -= chunk.byteLength
    if (left <= 0) break
  }
  throw new Error('a fault ended the request body here')
}

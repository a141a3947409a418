/**
 * The call's end, or the signal's reason as soon as it aborts: a call in flight is not awaited, and
 * none is made after the signal.
 */
export async function untilAborted<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  let stop: () => void = () => undefined
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => {
      reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)))
    }
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    // A call that loses may still fail; nobody is left to hear it, and the race handles it.
    return await Promise.race([call(), aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

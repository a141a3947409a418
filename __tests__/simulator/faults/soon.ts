import { setImmediate } from 'node:timers/promises'

/** Lets input and output be served until `condition` holds. */
export async function soon(condition: () => boolean): Promise<void> {
  while (!condition()) await setImmediate()
}

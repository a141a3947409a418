// Preloaded into the bundle under test: a rest of the action advances the simulator's virtual clock
// instead of passing, so that half an hour of rollout takes a second. Everything else, the SDK's
// own timeouts included, stays on the machine's clock.
import { syncBuiltinESMExports } from 'node:module'
import { performance } from 'node:perf_hooks'
import timers from 'node:timers/promises'

const url = process.env['VIRTUAL_TIME_URL']
const realNow = performance.now.bind(performance)
let restedMs = 0

if (url !== undefined) {
  timers.setTimeout = async (ms, value, options) => {
    options?.signal?.throwIfAborted()
    await fetch(new URL('/_simulator/clock/advance', url), {
      method: 'POST',
      body: JSON.stringify({ ms }),
    })
    restedMs += ms
    options?.signal?.throwIfAborted()
    return value
  }
  performance.now = () => realNow() + restedMs
  syncBuiltinESMExports()
}

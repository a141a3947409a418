// Preloaded into the bundle under test: a rest of the action advances the simulator's virtual clock
// instead of passing, so that half an hour of rollout takes a second. Everything else, the SDK's
// own timeouts included, stays on the machine's clock, unless VIRTUAL_TIMERS says that the SDK's
// timers, too, take the virtual clock along.
import { syncBuiltinESMExports } from 'node:module'
import { performance } from 'node:perf_hooks'
import timers, { setImmediate } from 'node:timers/promises'

const url = process.env['VIRTUAL_TIME_URL']
const realNow = performance.now.bind(performance)
let restedMs = 0

let http
let agent

/**
 * Lets virtual time pass, here and in the simulator. Over the node:http that the bundle has loaded
 * anyway: fetch, which an import of node:http would load with all its exports, takes longer to
 * load than Node to start (measured).
 */
async function pass(ms) {
  http ??= process.getBuiltinModule('node:http')
  agent ??= new http.Agent({ keepAlive: true })
  await new Promise((resolve, reject) => {
    http
      .request(`${url}/_simulator/clock/advance`, { method: 'POST', agent })
      .on('response', (answer) => answer.resume().on('end', resolve).on('error', reject))
      .on('error', reject)
      .end(JSON.stringify({ ms }))
  })
  restedMs += ms
}

if (url !== undefined) {
  timers.setTimeout = async (ms, value, options) => {
    options?.signal?.throwIfAborted()
    await pass(ms)
    options?.signal?.throwIfAborted()
    return value
  }
  performance.now = () => realNow() + restedMs
  syncBuiltinESMExports()
}

/** The SDK waits so long for an answer (src/adapters/aws/settings.ts). */
const requestTimeoutMs = 20_000
/** An answer that did not come in so much real time will not come: the simulator is at hand. */
const patienceMs = 250

/** How long a timer of the SDK really takes; undefined: as long as it says. */
function hasteOf(ms) {
  if (ms === requestTimeoutMs) return patienceMs
  // The pauses between its attempts are drawn by lot; round ones watch over sockets.
  return ms > 0 && ms % 1_000 !== 0 ? 1 : undefined
}

if (url !== undefined && process.env['VIRTUAL_TIMERS'] !== undefined) {
  const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout }
  const pending = new Set()
  globalThis.setTimeout = (callback, ms, ...values) => {
    const hasteMs = hasteOf(ms)
    if (hasteMs === undefined) return real.setTimeout(callback, ms, ...values)
    const dueMs = performance.now() + ms
    const fire = async () => {
      await pass(Math.max(0, dueMs - performance.now()))
      // An answer that came in the meantime clears the timer first.
      await setImmediate()
      await setImmediate()
      if (pending.delete(timer)) callback(...values)
    }
    const timer = real.setTimeout(() => void fire(), hasteMs)
    pending.add(timer)
    return timer
  }
  globalThis.clearTimeout = (timer) => {
    pending.delete(timer)
    real.clearTimeout(timer)
  }
}

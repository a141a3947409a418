// What a run asks of ECS while it watches 1, 10 and 100 services roll out for ten minutes, beside
// what AWS's buckets give back in a minute. Simulated time; the simulator throttles as AWS does.
import { Fleet } from '../__tests__/support/fleet.ts'
import { BUCKETS } from '../simulator/throttling/buckets.ts'

const minuteMs = 60_000
/** The tasks of each service take so long to start. */
const pullMs = 10 * minuteMs
const sizes = [1, 10, 100]
const columns = [10, 52, 14, 19, 12, 9]

const buckets = BUCKETS['ecs'] ?? []

interface Measured {
  readonly bucket: string
  readonly perMinute: number
  readonly givenPerMinute: number
  readonly most: number
  readonly throttled: number
}

async function measure(services: number): Promise<readonly Measured[]> {
  const fleet = await Fleet.create({ services, clusters: Math.ceil(services / 25), latencyMs: 80 })
  fleet.script({ 'web:2': { pullMs } })
  const startMs = fleet.clock.monotonicMs()
  const outcomes = await fleet.deploy()
  const minutes = (fleet.clock.monotonicMs() - startMs) / minuteMs
  const ends = new Set(outcomes.map(({ outcome, verified }) => `${outcome} ${String(verified)}`))
  if ([...ends].join() !== 'deployed true') throw new Error(`it ended ${[...ends].join()}`)
  return buckets.flatMap(({ operations, capacity, refillPerSecond }) => {
    const calls = fleet.log.list('ecs').filter(({ operation }) => operations.includes(operation))
    if (calls.length === 0) return []
    const names = [...new Set(calls.map(({ operation }) => operation))]
    const times = calls.map(({ atMs }) => atMs)
    // How many of the tokens of a full bucket were ever out at once.
    let [out, most, lastMs] = [0, 0, times[0] ?? 0]
    for (const atMs of times) {
      out = Math.max(0, out - ((atMs - lastMs) * refillPerSecond) / 1_000) + 1
      most = Math.max(most, out)
      lastMs = atMs
    }
    return [
      {
        bucket: names.join(', '),
        perMinute: calls.length / minutes,
        givenPerMinute: refillPerSecond * 60,
        most: most / capacity,
        throttled: calls.filter(({ errorCode }) => errorCode !== undefined).length,
      },
    ]
  })
}

function row(cells: readonly string[]): string {
  return cells.map((cell, at) => cell.padEnd(columns[at] ?? 0)).join('')
}

const head = ['services', 'bucket', 'calls/minute', 'given back/minute', 'most taken', 'throttled']
process.stdout.write(`Node ${process.version}, rollouts of ten minutes in simulated time\n`)
process.stdout.write(`${row(head)}\n`)
let refused = 0
for (const services of sizes) {
  for (const { bucket, perMinute, givenPerMinute, most, throttled } of await measure(services)) {
    const cells = [
      ...[String(services), bucket],
      ...[perMinute.toFixed(1), String(givenPerMinute)],
      ...[`${(100 * most).toFixed(0)} %`, String(throttled)],
    ]
    process.stdout.write(`${row(cells)}\n`)
    refused += throttled
  }
}
process.stdout.write(
  `calls that were throttled: ${refused}, target 0: ${refused === 0 ? 'met' : 'MISSED'}\n`,
)

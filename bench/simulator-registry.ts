import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

import { startSimulator, type Simulator } from '../simulator/simulator.ts'
import { median } from './figures.ts'

const MB = 1_000_000
const layerBytes = 200 * MB
const rounds = 5
const leastMegabytesPerSecond = 150
const mostGrowthBytes = 64 * 1024 * 1024

interface Times {
  readonly pushedMs: number
  readonly pulledMs: number
}

/** One layer to the registry and back, by plain HTTP from a process of its own. */
async function carry({ ecr, iam, registry }: Simulator, seed: string): Promise<Times> {
  const { accessKeyId } = iam.addUser({ name: seed })
  const { password } = ecr.tokens.issue(accessKeyId)
  const client = join(import.meta.dirname, 'layer-client.ts')
  const child = spawn(
    process.execPath,
    [client, registry.url, password, String(layerBytes), seed],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')])
  const times: unknown = JSON.parse(output)
  if (isTimes(times)) return times
  throw new TypeError(`no times: ${output}`)
}

function isTimes(value: unknown): value is Times {
  return typeof value === 'object' && value !== null && 'pushedMs' in value && 'pulledMs' in value
}

function speed(timesMs: readonly number[]): number {
  return layerBytes / MB / (median(timesMs) / 1000)
}

const directory = await mkdtemp(join(tmpdir(), 'steadyship-bench-'))
const simulator = await startSimulator({ registry: { directory } })
simulator.ecr.registry.create('bench')
// The first layer warms up; what is resident afterwards is the simulator itself.
await carry(simulator, 'warm-up')
const restingBytes = process.memoryUsage.rss()
let mostBytes = restingBytes
const sampler = setInterval(() => {
  mostBytes = Math.max(mostBytes, process.memoryUsage.rss())
}, 10)
const times: Times[] = []
for (let round = 0; round < rounds; round += 1) {
  times.push(await carry(simulator, `round-${String(round)}`))
}
clearInterval(sampler)
await simulator.close()
await rm(directory, { recursive: true })

const push = speed(times.map(({ pushedMs }) => pushedMs))
const pull = speed(times.map(({ pulledMs }) => pulledMs))
const growthBytes = mostBytes - restingBytes
process.stdout.write(
  [
    `push of ${String(layerBytes / MB)} MB: ${push.toFixed(0)} MB/s (at least ${String(leastMegabytesPerSecond)})`,
    `pull: ${pull.toFixed(0)} MB/s`,
    `memory: ${(restingBytes / MB).toFixed(0)} MB, and ${(growthBytes / MB).toFixed(0)} MB more while layers pass (at most ${(mostGrowthBytes / MB).toFixed(0)})`,
    '',
  ].join('\n'),
)
if (push < leastMegabytesPerSecond || growthBytes > mostGrowthBytes) process.exitCode = 1

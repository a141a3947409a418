// How fast the simulated ECS runs in virtual time: one rollout of half an hour, and a hundred
// services that roll out at once.
import { VirtualClock } from '../simulator/clock/virtual-clock.ts'
import { ScriptedDriver } from '../simulator/ecs/drivers/scripted-driver.ts'
import { createEcs } from '../simulator/ecs/ecs.ts'
import type { Call, JsonObject } from '../simulator/wire/service.ts'

import { median, report } from './figures.ts'

const runs = 10
const services = 100
const halfAnHourMs = 30 * 60_000
const targets = { rolloutMs: 50, manyMs: 2_000, heapMiB: 200 }

const account = { accountId: '123456789012', region: 'eu-west-1' }
const caller = { accessKeyId: 'bench', arn: 'arn:aws:iam::123456789012:role/bench', ...account }
const call: Call = { requestId: 'bench', caller }
const definition: JsonObject = {
  family: 'web',
  containerDefinitions: [{ name: 'app', image: 'web:1', memory: 128 }],
}

type Ask = (operation: string, input: JsonObject) => Promise<JsonObject>

/** An account with `count` services of ten tasks, each of them stable. */
async function stableServices(count: number): Promise<{ clock: VirtualClock; ask: Ask }> {
  const clock = new VirtualClock()
  const ecs = createEcs({ ...account, clock, driver: new ScriptedDriver(clock) })
  const ask: Ask = async (operation, input) => {
    return (await ecs.operations[operation]?.({ cluster: 'main', ...input }, call)) ?? {}
  }
  await ask('CreateCluster', { clusterName: 'main' })
  await ask('RegisterTaskDefinition', definition)
  await ask('RegisterTaskDefinition', definition)
  for (let index = 0; index < count; index += 1) {
    const service = { serviceName: `web-${index}`, taskDefinition: 'web:1', desiredCount: 10 }
    await ask('CreateService', service)
  }
  clock.advance(120_000)
  return { clock, ask }
}

/** Throws when what was measured is no rollout. */
async function expectRolledOut(ask: Ask, service: string): Promise<void> {
  const told = JSON.stringify(await ask('DescribeServices', { services: [service] }))
  const complete = told.includes('"runningCount":10') && !told.includes('IN_PROGRESS')
  if (complete && told.includes('web:2"') && !told.includes('web:1"')) return
  throw new Error(`${service} did not roll out: ${told}`)
}

/** Milliseconds that half an hour takes in which every one of `count` services rolls out. */
async function rollOut(count: number): Promise<{ ms: number; heapMiB: number }> {
  const { clock, ask } = await stableServices(count)
  const startedAt = performance.now()
  for (let index = 0; index < count; index += 1) {
    await ask('UpdateService', { service: `web-${index}`, taskDefinition: 'web:2' })
  }
  clock.advance(halfAnHourMs)
  const ms = performance.now() - startedAt
  for (let index = 0; index < count; index += 1) await expectRolledOut(ask, `web-${index}`)
  return { ms, heapMiB: process.memoryUsage().heapUsed / 2 ** 20 }
}

const judge = (value: number, target: number): string => (value < target ? 'met' : 'MISSED')

const one: number[] = []
const many: number[] = []
let heapMiB = 0
for (let run = 0; run < runs; run += 1) {
  one.push((await rollOut(1)).ms)
  const all = await rollOut(services)
  many.push(all.ms)
  heapMiB = Math.max(heapMiB, all.heapMiB)
}
process.stdout.write(
  [
    `Node ${process.version}, ${runs} runs each, half an hour of virtual time; milliseconds`,
    `${report('one rollout of ten tasks', one)}, target ${targets.rolloutMs}: ${judge(median(one), targets.rolloutMs)}`,
    `${report(`${services} such rollouts at once`, many)}, target ${targets.manyMs}: ${judge(median(many), targets.manyMs)}`,
    `heap at most ${heapMiB.toFixed(0)} MiB, target ${targets.heapMiB}: ${judge(heapMiB, targets.heapMiB)}`,
    '',
  ].join('\n'),
)

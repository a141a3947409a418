// How long after the fact the verdict comes, in generated histories and simulated time: after ECS
// has completed a rollout, beside the SDK's own waitUntilServicesStable in the same histories; and,
// without a circuit breaker, after the second task that no retry can start.
// `verdict-latency.ts [count] [seed]`
import { mock } from 'node:test'

import { ECSClient, waitUntilServicesStable } from '@aws-sdk/client-ecs'
import fc from 'fast-check'

import { openAccount, type Account } from '../__tests__/histories/account.ts'
import { deployHistory } from '../__tests__/histories/deploy-history.ts'
import { benignHistories, failingHistories } from '../simulator/histories/arbitrary.ts'
import type { History } from '../simulator/histories/history.ts'
import { play } from '../simulator/histories/play.ts'
import { dateAt, objectAt, objectsAt, stringAt, stringsAt } from '../src/core/json.ts'

import { quantile } from './figures.ts'

const [countGiven = '200', seedGiven = '1'] = process.argv.slice(2)
const [count, seed] = [Number(countGiven), Number(seedGiven)]
const targets = { steadyMs: 5_000, failureMs: 15_000 }
const place = { cluster: 'prod', service: 'web' }
const stepMs = 500
const mostMs = 3_600_000

/** The history with nobody who watches, from UpdateService on. */
async function begin(history: History): Promise<{ account: Account; startMs: number }> {
  const account = await openAccount(history, 'in-process')
  await play(history, account)
  const { clock } = account
  const current = await account.ask('DescribeTaskDefinition', { taskDefinition: 'web:1' })
  const definition = objectAt(current, 'taskDefinition')
  const [container = {}] = objectsAt(definition, 'containerDefinitions')
  const image = `registry.example.com/web@sha256:${'1'.repeat(64)}`
  const input = { ...definition, containerDefinitions: [{ ...container, image }] }
  for (const made of madeByEcs) Reflect.deleteProperty(input, made)
  await account.ask('RegisterTaskDefinition', input)
  await account.ask('UpdateService', { ...place, taskDefinition: 'web:2' })
  return { account, startMs: clock.monotonicMs() }
}

const madeByEcs = [
  ...['taskDefinitionArn', 'revision', 'status', 'requiresAttributes', 'compatibilities'],
  ...['registeredAt', 'registeredBy', 'deregisteredAt'],
]

/** When ECS had completed the deployment, after UpdateService; undefined: it never did. */
async function completedMs(account: Account, startMs: number): Promise<number | undefined> {
  await account.clock.sleep(mostMs)
  const listed = await account.ask('ListServiceDeployments', place)
  const [, ours] = objectsAt(listed, 'serviceDeployments').toReversed()
  const at = ours && stringAt(ours, 'status') === 'SUCCESSFUL' && dateAt(ours, 'finishedAt')
  return at instanceof Date ? at.getTime() - startMs : undefined
}

/**
 * When the SDK's waiter calls the service stable, after UpdateService: its own code and delays.
 * @returns undefined where it gives up after an hour.
 */
async function waiterMs(account: Account, startMs: number): Promise<number | undefined> {
  const client = new ECSClient({ region: 'us-east-1' })
  client.middlewareStack.add(
    () => async () => {
      const answer = await account.ask('DescribeServices', { cluster: 'prod', services: ['web'] })
      return { output: { $metadata: {}, ...answer }, response: {} }
    },
    { step: 'initialize', priority: 'high' },
  )
  mock.timers.enable({ apis: ['setTimeout', 'Date'] })
  try {
    const state = { isOver: false }
    const work = waitUntilServicesStable(
      { client, maxWaitTime: mostMs / 1_000 },
      { cluster: 'prod', services: ['web'] },
    )
      .then(
        () => true,
        (error: unknown) => {
          if (error instanceof Error && error.name === 'TimeoutError') return false
          throw error
        },
      )
      .finally(() => {
        state.isOver = true
      })
    for (;;) {
      await new Promise(setImmediate)
      if (state.isOver) break
      await account.clock.sleep(stepMs)
      mock.timers.tick(stepMs)
    }
    return (await work) ? account.clock.monotonicMs() - startMs : undefined
  } finally {
    mock.timers.reset()
    client.destroy()
  }
}

/** When the second task stopped that could not start, after UpdateService. */
async function secondFailureMs(history: History, untilMs: number): Promise<number | undefined> {
  const { account, startMs } = await begin(history)
  await account.clock.sleep(untilMs)
  const listed = { cluster: 'prod', serviceName: 'web', desiredStatus: 'STOPPED' }
  const tasks = stringsAt(await account.ask('ListTasks', listed), 'taskArns')
  const described =
    tasks.length < 2
      ? {}
      : await account.ask('DescribeTasks', { cluster: 'prod', tasks: [...tasks] })
  const times = objectsAt(described, 'tasks')
    .filter((task) => stringAt(task, 'stoppedReason')?.includes('descriptor matching platform'))
    .map((task) => (dateAt(task, 'stoppingAt')?.getTime() ?? Number.NaN) - startMs)
    .sort((a, b) => a - b)
  await account.close()
  return times[1]
}

function tell(name: string, values: readonly number[], targetMs?: number): void {
  const [p50, p95] = [0.5, 0.95].map((share) => quantile(values, share))
  const seconds = (ms = Number.NaN): string => (ms / 1_000).toFixed(1)
  const target =
    targetMs === undefined
      ? ''
      : `, target p95 ${seconds(targetMs)} s: ${(p95 ?? Infinity) <= targetMs ? 'met' : 'MISSED'}`
  const figures = `p50 ${seconds(p50)} s, p95 ${seconds(p95)} s, most ${seconds(Math.max(...values))} s`
  process.stdout.write(`${name}: ${figures}${target} (${values.length} histories)\n`)
}

process.stdout.write(`Node ${process.version}, seed ${seed}, simulated time\n`)
/** The same history where no read fails or lags and the answer to UpdateService comes. */
const undisturbed = (history: History): History => ({
  ...history,
  reads: { listLagMs: 0, currentLagMs: 0, failing: [], blindFromMs: undefined },
  run: { ...history.run, updateAnswerLost: false },
})

/** From ECS's own end of the deployment to our verdict; undefined where it did not end well. */
async function latencyMs(history: History, steadyMs: number): Promise<number | undefined> {
  const { outcome, endedAtMs } = await deployHistory(history, 'in-process')
  return outcome.outcome === 'deployed' ? endedAtMs - steadyMs : undefined
}

const ours: number[] = []
const asGenerated: number[] = []
const waiters: number[] = []
let early = 0
let never = 0
for (const history of fc.sample(benignHistories, { numRuns: count, seed })) {
  // The SDK's waiter and the clock of ECS see no disturbed reads in either case.
  const watched = await begin(history)
  const calledMs = await waiterMs(watched.account, watched.startMs)
  const steadyMs = await completedMs(watched.account, watched.startMs)
  await watched.account.close()
  if (steadyMs === undefined) continue
  const calm = await latencyMs(undisturbed(history), steadyMs)
  if (calm !== undefined) ours.push(calm)
  const generated = await latencyMs(history, steadyMs)
  if (generated !== undefined) asGenerated.push(generated)
  if (calledMs === undefined) never += 1
  else if (calledMs < steadyMs) early += 1
  else waiters.push(calledMs - steadyMs)
}
tell('from completed by ECS to the verdict', ours, targets.steadyMs)
tell('the same, with the reads that fail or lag as generated', asGenerated, targets.steadyMs)
tell('the same, waitUntilServicesStable', waiters)
process.stdout.write(
  `waitUntilServicesStable before ECS had completed it: ${early} of ${count}; never within an hour: ${never}\n`,
)

const isHopeless = ({ service, tasks, run, disturbances }: History): boolean =>
  service.breaker === undefined &&
  service.alarms === undefined &&
  service.staged === undefined &&
  tasks.then.kind === 'unpullable' &&
  run.maxTaskFailures > 0 &&
  disturbances.length === 0
const judged: number[] = []
for (const history of fc
  .sample(failingHistories, { numRuns: 60 * count, seed })
  .filter(isHopeless)
  .map(undisturbed)) {
  const { outcome, endedAtMs } = await deployHistory(history, 'in-process')
  if (outcome.outcome !== 'failed') continue
  const failedMs = await secondFailureMs(history, endedAtMs)
  if (failedMs !== undefined) judged.push(endedAtMs - failedMs)
}
tell('from the second task that cannot start to the verdict', judged, targets.failureMs)

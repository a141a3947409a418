// How long after the fact the verdict comes, in generated histories and simulated time: after ECS
// has completed a rollout, beside the SDK's own waitUntilServicesStable in the same histories; and,
// without a circuit breaker, after the second task that no retry can start.
// `verdict-latency.ts [count] [seed]`
import fc from 'fast-check'

import { deployHistory } from '../__tests__/histories/deploy-history.ts'
import { benignHistories, failingHistories } from '../simulator/histories/arbitrary.ts'
import type { History } from '../simulator/histories/history.ts'

import { quantile } from './figures.ts'
import { waiterMs } from './stable-waiter.ts'
import { begin, completedMs, secondFailureMs } from './unattended.ts'

const [countGiven = '200', seedGiven = '1'] = process.argv.slice(2)
const [count, seed] = [Number(countGiven), Number(seedGiven)]
const targets = { steadyMs: 5_000, failureMs: 15_000 }

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

/** The same history where no read fails or lags and the answer to UpdateService comes. */
const undisturbed = (history: History): History => ({
  ...history,
  reads: { listLagMs: 0, currentLagMs: 0, failing: [], blindFromMs: undefined },
  run: { ...history.run, updateAnswerLost: false },
})

/** From two moments of one run to its verdict. */
class Latencies {
  readonly #ended: number[] = []
  readonly #provable: number[] = []
  #early = 0

  async measure(history: History): Promise<void> {
    const { outcome, endedAtMs, completedAtMs, live } = await deployHistory(history, 'in-process')
    if (outcome.outcome !== 'deployed') return
    if (completedAtMs === undefined || endedAtMs < completedAtMs) {
      this.#early += 1
      return
    }
    this.#ended.push(endedAtMs - completedAtMs)
    // The proof is a task that runs: a service may have lost its only one, or got its first.
    this.#provable.push(endedAtMs - Math.max(completedAtMs, live.runningSinceMs ?? completedAtMs))
  }

  /** @param reads Which ones. */
  tell(reads: string): void {
    tell(`${reads}: from completed by ECS to the verdict`, this.#ended, targets.steadyMs)
    const provable = 'from completed, and a task of ours running, to the verdict'
    tell(`${reads}: ${provable}`, this.#provable, targets.steadyMs)
    process.stdout.write(`${reads}: ${this.#early} verdicts before ECS's own\n`)
    if (this.#early > 0) process.exitCode = 1
  }
}

async function compareSteady(): Promise<void> {
  const calm = new Latencies()
  const asGenerated = new Latencies()
  const waiters: number[] = []
  let [early, never] = [0, 0]
  for (const history of fc.sample(benignHistories, { numRuns: count, seed })) {
    await calm.measure(undisturbed(history))
    await asGenerated.measure(history)
    // The SDK's waiter sees no disturbed reads.
    const watched = await begin(history)
    const calledMs = await waiterMs(watched.account, watched.startMs)
    const steadyMs = await completedMs(watched.account, watched.startMs)
    await watched.account.close()
    if (steadyMs === undefined) continue
    if (calledMs === undefined) never += 1
    else if (calledMs < steadyMs) early += 1
    else waiters.push(calledMs - steadyMs)
  }
  calm.tell('undisturbed reads')
  asGenerated.tell('reads that fail and lag as generated')
  tell('waitUntilServicesStable, undisturbed: from completed by ECS', waiters)
  process.stdout.write(
    `waitUntilServicesStable before ECS had completed it: ${early} of ${count}; never within an hour: ${never}\n`,
  )
}

/** A history in which no task can start and nobody but the run ends the deployment. */
const madeHopeless = (history: History): History => ({
  ...history,
  service: { ...history.service, breaker: undefined, alarms: undefined, staged: undefined },
  tasks: { first: [], then: { ...history.tasks.then, kind: 'unpullable' } },
  disturbances: [],
  reads: { ...history.reads, blindFromMs: undefined },
  run: {
    ...{ ...history.run, cancelAtMs: undefined },
    maxTaskFailures: Math.max(1, history.run.maxTaskFailures),
  },
})

async function judgeHopeless(): Promise<void> {
  const calm: number[] = []
  const asGenerated: number[] = []
  for (const history of fc.sample(failingHistories.map(madeHopeless), { numRuns: count, seed })) {
    for (const [latencies, played] of [
      [calm, undisturbed(history)],
      [asGenerated, history],
    ] as const) {
      const { outcome, endedAtMs } = await deployHistory(played, 'in-process')
      if (outcome.outcome !== 'failed') continue
      const failedMs = await secondFailureMs(played, endedAtMs)
      if (failedMs !== undefined) latencies.push(endedAtMs - failedMs)
    }
  }
  const what = 'from the second task that cannot start to the verdict'
  tell(`undisturbed reads: ${what}`, calm, targets.failureMs)
  tell(`reads that fail and lag as generated: ${what}`, asGenerated, targets.failureMs)
}

process.stdout.write(`Node ${process.version}, seed ${seed}, simulated time\n`)
await compareSteady()
await judgeHopeless()

// The generated histories of the tests, as many as are asked for: `histories.ts [count] [seed]`.
// Ends with 1, and the smallest history that contradicts, where action and oracle disagree.
import { examine } from '../__tests__/histories/examine.ts'
import {
  anyHistories,
  benignHistories,
  failingHistories,
} from '../simulator/histories/arbitrary.ts'

const [count = '5000', seedGiven = String(Date.now() % 2 ** 31)] = process.argv.slice(2)
const numRuns = Number(count)
const seed = Number(seedGiven)
if (!Number.isInteger(numRuns) || numRuns < 1 || !Number.isInteger(seed)) {
  throw new TypeError('histories.ts [count] [seed]: whole numbers')
}

process.stdout.write(`Node ${process.version}, seed ${seed}, ${numRuns} histories of each kind\n`)
const kinds = { benign: benignHistories, failing: failingHistories, any: anyHistories }
for (const [kind, histories] of Object.entries(kinds)) {
  const startMs = performance.now()
  const { outcomes, decided } = await examine(histories, numRuns, seed, 'in-process')
  const seconds = (performance.now() - startMs) / 1_000
  const ends = [...outcomes].sort(([, a], [, b]) => b - a).map(([name, n]) => `${name} ${n}`)
  const share = Math.round((100 * decided) / numRuns)
  process.stdout.write(
    `${kind}: ${seconds.toFixed(1)} s, 0 contradictions, ${share} % with one truth: ${ends.join(', ')}\n`,
  )
}

import fc, { type Arbitrary } from 'fast-check'

import type { History } from '../../simulator/histories/history.ts'
import { tellTruth } from '../../simulator/histories/oracle.ts'
import type { Transport } from './account.ts'
import { deployHistory } from './deploy-history.ts'
import { contradictions, describeCase } from './judgement.ts'

/** What became of many histories. */
export interface Examined {
  /** How often the action ended with each outcome. */
  readonly outcomes: ReadonlyMap<string, number>
  /** Histories with one truth alone: the others end in a race. */
  readonly decided: number
}

/**
 * Deploys in that many histories and holds what the action says against the oracle.
 * @throws Error with the smallest history that contradicts, for people, and the seed.
 */
export async function examine(
  histories: Arbitrary<History>,
  numRuns: number,
  seed: number,
  transport: Transport,
): Promise<Examined> {
  const outcomes = new Map<string, number>()
  let decided = 0
  let smallest = ''
  const property = fc.asyncProperty(histories, async (history) => {
    const truth = tellTruth(history)
    const deployed = await deployHistory(history, transport)
    const found = contradictions(truth, deployed)
    const name = deployed.outcome.outcome
    outcomes.set(name, (outcomes.get(name) ?? 0) + 1)
    if (truth.outcomes.size === 1) decided += 1
    if (found.length === 0) return
    smallest = [...found, describeCase(history, truth, deployed)].join('\n')
    throw new Error(found.join('; '))
  })
  const { failed, counterexample, errorInstance } = await fc.check(property, { numRuns, seed })
  if (!failed) return { outcomes, decided }
  const data = JSON.stringify(counterexample?.[0])
  throw new Error(`seed ${seed}\n${smallest}\nas data: ${data}`, { cause: errorInstance })
}

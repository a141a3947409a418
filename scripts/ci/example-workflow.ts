import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { isMap, isScalar, isSeq, parseDocument, type YAMLMap } from 'yaml'

import { separateLegs } from './matrix-legs.ts'

const folder = join(import.meta.dirname, '..', '..', 'examples', 'workflows')
const own = 'steadyship/steadyship@'
const checkout = 'actions/checkout@'

/** What a build needs on a machine that reaches no public registry. */
export interface BuildSetting {
  /** Address of BuildKit. */
  readonly endpoint: string
  /** Base image of the sample application. */
  readonly base: string
}

/** A workflow of examples/workflows, ready to be run here. */
export interface ExampleWorkflow {
  readonly text: string
  /** What its steps use, as they name it, but for the checkout. */
  readonly uses: readonly string[]
  /** Steps that build, and so got the {@link BuildSetting}. */
  readonly changedSteps: number
}

/** File names of the examples. */
export function exampleNames(): readonly string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.yml'))
}

/**
 * The committed example; only a step of ours that builds is changed, by its builder and base, and
 * legs of a matrix are told apart.
 */
export function readExample(name: string, setting: BuildSetting): ExampleWorkflow {
  const document = parseDocument(readFileSync(join(folder, name), 'utf8'))
  const steps = stepsOf(document.get('jobs'))
  const used = steps.map((step) => step.get('uses')).filter((uses) => typeof uses === 'string')
  const builds = steps.filter(buildsImage)
  for (const step of builds) tellBuilder(step, setting)
  separateLegs(document)
  return {
    text: builds.length === 0 ? readFileSync(join(folder, name), 'utf8') : document.toString(),
    uses: [...new Set(used.filter((uses) => !uses.startsWith(checkout)))],
    changedSteps: builds.length,
  }
}

function stepsOf(jobs: unknown): readonly YAMLMap[] {
  if (!isMap(jobs)) throw new TypeError('the workflow has no jobs')
  return jobs.items.flatMap(({ value: job }) => {
    const steps = isMap(job) ? job.get('steps') : undefined
    return isSeq(steps) ? steps.items.filter((step) => isMap(step)) : []
  })
}

function buildsImage(step: YAMLMap): boolean {
  const uses = step.get('uses')
  const mode = step.getIn(['with', 'mode'])
  const isOurs = typeof uses === 'string' && uses.startsWith(own)
  return isOurs && mode !== 'deploy' && mode !== 'merge'
}

function tellBuilder(step: YAMLMap, { endpoint, base }: BuildSetting): void {
  step.setIn(['with', 'driver'], 'remote')
  step.setIn(['with', 'endpoint'], endpoint)
  // A compose file says itself what its builds are given; there the base comes with the job.
  if (step.hasIn(['with', 'bake-files'])) return
  const given = step.getIn(['with', 'build-args'], true)
  const lines = isScalar(given) && typeof given.value === 'string' ? given.value : ''
  step.setIn(['with', 'build-args'], `${lines}BASE=${base}\n`)
}

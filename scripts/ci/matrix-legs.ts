import { isMap, isScalar, isSeq, type Document, type YAMLMap } from 'yaml'

/**
 * Makes a job of each leg of a matrix, and of the job one that joins their outputs as GitHub does:
 * what a leg leaves empty another one may tell. act 0.2.89 keeps the outputs of the leg that ends
 * first and loses the others' (measured). A leg waits for the one before: runners of their own, which
 * legs have on GitHub, are one machine here.
 */
export function separateLegs(document: Document): void {
  const jobs = document.get('jobs')
  if (!isMap(jobs)) return
  for (const { key, value: job } of [...jobs.items]) {
    const include = isMap(job) ? job.getIn(['strategy', 'matrix', 'include']) : undefined
    if (!isMap(job) || !isScalar(key) || !isSeq(include)) continue
    const id = String(key.value)
    const legs = include.items.map((_, index) => `${id}-${String(index + 1)}`)
    for (const [index, leg] of legs.entries()) {
      const before = legs[index - 1]
      jobs.set(leg, legOf(job, include.items[index], before))
    }
    jobs.set(id, document.createNode(joinOf(job, legs)))
  }
}

function legOf(job: YAMLMap, leg: unknown, before: string | undefined): YAMLMap {
  const own = job.clone()
  if (!isMap(own)) throw new TypeError('the copy of a job is no job')
  own.setIn(['strategy', 'matrix', 'include'], [leg])
  if (before !== undefined) own.set('needs', before)
  return own
}

function joinOf(job: YAMLMap, legs: readonly string[]): object {
  const outputs = job.get('outputs')
  const names = isMap(outputs) ? outputs.items.map(({ key }) => String(key)) : []
  const joined = (name: string): string =>
    `\${{ ${legs.map((leg) => `needs.${leg}.outputs.${name}`).join(' || ')} }}`
  return {
    needs: legs,
    'runs-on': 'ubuntu-24.04',
    outputs: Object.fromEntries(names.map((name) => [name, joined(name)])),
    steps: [{ run: 'true' }],
  }
}

// How soon a re-run of a commit that is built decides that there is nothing to build: from the start
// of the process until it tells so, and the calls of AWS until then.
import type { Site } from '../scripts/ci/real/site.ts'
import type { RequestRecord } from '../simulator/wire/request-log.ts'
import { onBuildSite } from './build-site.ts'
import { report } from './figures.ts'

const runs = 7
const repository = 'bench/decision'
const targetMs = 1_000
const targetCalls = 6

process.exitCode = await onBuildSite('bench/rebuild-decision.ts', measure)

interface Decision {
  readonly elapsedMs: number
  readonly calls: readonly string[]
}

async function measure(site: Site, endpoint: string): Promise<void> {
  site.createRepository(repository)
  const inputs = site.inputs(repository, { driver: 'remote', endpoint })
  await rerun(site, inputs, 'pushed')
  const decisions: Decision[] = []
  for (let run = 0; run < runs; run += 1) {
    decisions.push(await rerun(site, inputs, 'already-pushed'))
  }
  const elapsedMs = decisions.map((decision) => decision.elapsedMs)
  const calls = decisions.map((decision) => decision.calls.length)
  const [slowest, most] = [Math.max(...elapsedMs), Math.max(...calls)]
  const met = slowest <= targetMs && most <= targetCalls
  process.stdout.write(
    [
      `a re-run of a built commit, ${runs} times; milliseconds from the start of the process`,
      report('decided after', elapsedMs),
      report('calls of AWS until then', calls),
      `in order: ${decisions[0]?.calls.join(', ') ?? ''}`,
      `target ${targetMs} ms and ${targetCalls} calls: ${met ? 'met' : 'MISSED'}`,
      '',
    ].join('\n'),
  )
}

/** The decision is told as the outcome. */
async function rerun(
  site: Site,
  inputs: Record<string, string>,
  outcome: string,
): Promise<Decision> {
  const { requests } = site.stage.simulator
  requests.clear()
  const startMs = performance.now()
  let elapsedMs = 0
  let calls: readonly RequestRecord[] = []
  const onLine = (line: string): void => {
    if (elapsedMs > 0 || !/^Outcome: /.test(line)) return
    elapsedMs = performance.now() - startMs
    // GitHub's token is no call of AWS.
    calls = requests.list().filter(({ service }) => service !== 'oidc')
  }
  const { main, post } = await site.run({ inputs, onLine })
  await post()
  if (main.outputs['outcome'] === outcome) return { elapsedMs, calls: calls.map(nameOf) }
  throw new Error(`the action ended otherwise:\n${main.log.slice(-20).join('\n')}`)
}

function nameOf({ service, operation }: RequestRecord): string {
  return `${service}:${operation}`
}

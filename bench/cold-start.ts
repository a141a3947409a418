// How long the action takes from its start to the first signed request that AWS receives, beside
// the start of a bare Node. The runs alternate, so that both see the same machine.
import { median, report } from './figures.ts'
import { ColdStart } from './start.ts'

const runs = 10
const targetMs = 200

const coldStart = await ColdStart.prepare()
try {
  const bareMs: number[] = []
  const actionMs: number[] = []
  // The first of each reads its files from the disk; later ones find them in memory.
  await coldStart.bareNode()
  await coldStart.action()
  for (let run = 0; run < runs; run += 1) {
    bareMs.push(await coldStart.bareNode())
    actionMs.push(await coldStart.action())
  }
  const differenceMs = median(actionMs) - median(bareMs)
  const verdict = differenceMs <= targetMs ? 'met' : 'MISSED'
  process.stdout.write(
    [
      `Node ${process.version}, ${runs} runs each, in turns; milliseconds`,
      report('bare node, start to end', bareMs),
      report('action, start to first signed request', actionMs),
      `difference of the medians ${differenceMs.toFixed(0)}, target ${targetMs}: ${verdict}`,
      '',
    ].join('\n'),
  )
} finally {
  await coldStart.close()
}

import { once } from 'node:events'

import { parseArguments, USAGE } from './control/arguments.ts'
import { startFromArguments } from './control/start.ts'

const settings = parseArguments(process.argv.slice(2))
if (settings.kind === 'help') {
  process.stdout.write(USAGE)
} else if (settings.kind === 'mistake') {
  process.stderr.write(`simulator: ${settings.message}\n\n${USAGE}`)
  process.exitCode = 2
} else {
  const { simulator, introduction } = await startFromArguments(settings.arguments)
  process.stdout.write(introduction)
  const asked = new AbortController()
  const ended = (['SIGINT', 'SIGTERM'] as const).map((signal) =>
    once(process, signal, { signal: asked.signal }).catch(() => undefined),
  )
  await Promise.race(ended)
  asked.abort()
  await simulator.close()
}

import { once } from 'node:events'

import { parseArguments, USAGE, type Arguments } from './control/arguments.ts'
import { startFromArguments, type Started } from './control/start.ts'
import { DocumentError } from './document/problem.ts'

const settings = parseArguments(process.argv.slice(2))
if (settings.kind === 'help') {
  process.stdout.write(USAGE)
} else if (settings.kind === 'mistake') {
  process.stderr.write(`simulator: ${settings.message}\n\n${USAGE}`)
  process.exitCode = 2
} else {
  await run(settings.arguments)
}

/** Runs until it is asked to end. */
async function run(settings: Arguments): Promise<void> {
  const started = await start(settings)
  if (started === undefined) return
  const { simulator, introduction } = started
  process.stdout.write(introduction)
  const asked = new AbortController()
  const ended = (['SIGINT', 'SIGTERM'] as const).map((signal) =>
    once(process, signal, { signal: asked.signal }).catch(() => undefined),
  )
  await Promise.race(ended)
  asked.abort()
  await simulator.close()
}

/** A mistake in a file that was named is the user's: it is told without a stack. */
async function start(settings: Arguments): Promise<Started | undefined> {
  try {
    return await startFromArguments(settings)
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    if (!isMissing && !(cause instanceof DocumentError)) throw cause
    process.stderr.write(`simulator: ${cause.message}\n`)
    process.exitCode = 2
    return undefined
  }
}

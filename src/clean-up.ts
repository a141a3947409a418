import {
  removeBuilder,
  removeDockerConfiguration,
  removeEmulators,
} from './adapters/docker/leftovers.ts'
import { readInputValues, readRunContext } from './adapters/github/context.ts'
import { clearExportedCredentials } from './adapters/github/later-steps.ts'
import { readPostState } from './adapters/github/post-state.ts'
import { GitHubReport } from './adapters/github/report.ts'
import { createProcesses } from './adapters/process/processes.ts'
import { systemClock } from './adapters/system/clock.ts'
import { declaredInputs } from './core/inputs/declared.ts'

/**
 * The post step: takes away what main left behind because it was killed, or was to keep until the
 * job's end. It warns and never fails: a good deployment stays green.
 */
export async function cleanUp(): Promise<void> {
  const report = new GitHubReport(systemClock)
  const processes = createProcesses(process.env)
  const { temporaryDirectory } = readRunContext(process.env)
  const { dockerConfiguration, builder, emulators } = readPostState()
  await tolerating(report, 'the exported credentials', () => {
    const cleared = clearExportedCredentials()
    if (cleared.length > 0) report.line(`Cleared ${cleared.join(', ')}.`)
    return Promise.resolve()
  })
  if (dockerConfiguration !== undefined) {
    await tolerating(report, 'the Docker configuration of this run', async () => {
      const removed = await removeDockerConfiguration(dockerConfiguration, temporaryDirectory)
      report.line(removed ? 'Removed the Docker login of this run.' : 'No Docker login was left.')
    })
  }
  if (builder !== undefined) {
    await tolerating(report, `the builder ${builder}`, async () => {
      const removed = await removeBuilder(builder, processes)
      report.line(removed ? `Removed the builder ${builder}.` : `The builder ${builder} is gone.`)
    })
  }
  for (const [engine, handlers] of emulators) {
    const names = handlers.join(', ')
    await tolerating(report, `the emulators ${names}`, async () => {
      await removeEmulators({ engine, handlers }, binfmtImage(), processes)
      report.line(`Took back the emulators ${names}.`)
    })
  }
}

/** The inputs are read again: whoever forges state does not choose what runs with privileges. */
function binfmtImage(): string {
  const given = readInputValues(process.env).get('binfmt-image')?.trim() ?? ''
  return given === '' ? (declaredInputs['binfmt-image']?.default ?? '') : given
}

async function tolerating(
  report: GitHubReport,
  what: string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work()
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    report.warning(`${what} could not be removed: ${message}`)
  }
}

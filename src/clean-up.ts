import { clearExportedCredentials } from './adapters/github/later-steps.ts'
import { readPostState } from './adapters/github/post-state.ts'
import { readRunContext } from './adapters/github/context.ts'
import { GitHubReport } from './adapters/github/report.ts'
import { removeDockerConfiguration } from './adapters/docker/leftovers.ts'
import { createProcesses } from './adapters/process/processes.ts'
import { systemClock } from './adapters/system/clock.ts'

/** Removing a builder must not hold up the end of a job. */
const removalBudgetMs = 60_000
/** The builders that this action makes; state can be forged, and others are not ours to remove. */
const ownBuilder = /^steadyship-[0-9a-f]{12}$/

/**
 * The post step: takes away what main left behind because it was killed, or was to keep until the
 * job's end. It warns and never fails: a good deployment stays green.
 */
export async function cleanUp(): Promise<void> {
  const report = new GitHubReport(systemClock)
  const { temporaryDirectory } = readRunContext(process.env)
  const left = readPostState()
  await tolerating(report, 'the exported credentials', () => {
    const cleared = clearExportedCredentials()
    if (cleared.length > 0) report.line(`Cleared ${cleared.join(', ')}.`)
    return Promise.resolve()
  })
  if (left.dockerConfiguration !== undefined) {
    await tolerating(report, 'the Docker configuration of this run', async () => {
      const removed = await removeDockerConfiguration(
        left.dockerConfiguration ?? '',
        temporaryDirectory,
      )
      report.line(removed ? 'Removed the Docker login of this run.' : 'No Docker login was left.')
    })
  }
  const { builder } = left
  if (builder !== undefined) {
    await tolerating(report, `the builder ${builder}`, async () => {
      if (!ownBuilder.test(builder)) throw new Error('it is not one that this action made')
      const { exitCode, stderrTail } = await createProcesses(process.env).run(
        { command: 'docker', arguments: ['buildx', 'rm', '--force', builder] },
        AbortSignal.timeout(removalBudgetMs),
      )
      if (exitCode !== 0) throw new Error(stderrTail.join(' '))
      report.line(`Removed the builder ${builder}.`)
    })
  }
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

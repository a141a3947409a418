import { CommandUnavailable } from '../../core/errors/command-unavailable.ts'
import type { ProcessRequest } from '../../ports/processes.ts'
import type { Ports } from '../../ports/ports.ts'

/**
 * Asks git, which only reads.
 * @param exchange `onLine`: for an answer of any length; standard error comes the same way.
 * @returns undefined where git is not there, `directory` is in no repository of its, or the answer is
 * longer than what is kept of it and nobody took its lines: the rest would be missed in silence.
 */
export async function askGit(
  directory: string,
  argv: readonly string[],
  ports: Ports,
  exchange: Pick<ProcessRequest, 'input' | 'onLine'> = {},
): Promise<string | undefined> {
  // The runner's user often does not own the workspace; we only read.
  const settings = ['safe.directory=*', 'core.fsmonitor=false', 'core.quotePath=false']
  try {
    const result = await ports.processes.run(
      {
        command: 'git',
        arguments: [...settings.flatMap((each) => ['-c', each]), '-C', directory, ...argv],
        environment: { GIT_OPTIONAL_LOCKS: '0' },
        ...exchange,
      },
      ports.signal,
    )
    const cut = result.truncated && exchange.onLine === undefined
    if (result.exitCode === 0 && !cut) return result.stdout
    const why = cut ? 'the answer is longer than 1 MiB' : result.stderrTail.at(-1)
    ports.report.detail(`git ${argv[0] ?? ''}: ${why ?? 'no answer'}`)
    return undefined
  } catch (error) {
    if (error instanceof CommandUnavailable) return undefined
    throw error
  }
}

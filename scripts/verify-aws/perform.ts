import { join } from 'node:path'

import { Job } from '../../simulator/github/runner/job.ts'
import type { Trace, TracedRun } from '../../simulator/traces/trace.ts'
import type { Workspace } from '../demo/workspace.ts'
import type { Target } from './arguments.ts'
import { actionDirectory } from './preconditions.ts'
import { Recorder } from './recorder.ts'
import { plannedRuns, type PlannedRun } from './runs.ts'

/** What the runs share. */
export interface Performance {
  readonly target: Target
  /** Inputs by which the action becomes the role. */
  readonly identityInputs: Readonly<Record<string, string>>
  /** The job's variables. NODE_OPTIONS are added to the recorder's. */
  readonly environment: Readonly<Record<string, string>>
  readonly workspace: Workspace
  /** For the jobs' own files. */
  readonly directory: string
  readonly show?: (line: string) => void
  readonly onRun?: (run: PlannedRun) => void
}

/**
 * Performs the planned runs with the built bundle, one after the other.
 * @returns what travelled: not redacted, not to be written anywhere.
 */
export async function perform(performance: Performance): Promise<Trace> {
  const recorder = new Recorder()
  const firstCommit = performance.workspace.commit
  const runs: TracedRun[] = []
  try {
    for (const planned of plannedRuns) {
      performance.onRun?.(planned)
      planned.arrange(performance.workspace)
      runs.push(await performOne(performance, planned, firstCommit, recorder))
    }
  } finally {
    recorder.close()
  }
  return { format: 1, runs }
}

async function performOne(
  performance: Performance,
  planned: PlannedRun,
  firstCommit: string,
  recorder: Recorder,
): Promise<TracedRun> {
  const { target, workspace, environment, directory, show } = performance
  const { region, repository, cluster, service, platforms } = target
  const inputs = {
    ...performance.identityInputs,
    ...{ 'aws-region': region, repository, cluster, service, platforms },
    ...planned.inputs(workspace, firstCommit),
  }
  const { commit } = workspace
  const job = await Job.start({
    directory: join(directory, planned.name.replaceAll(' ', '-')),
    workspace: workspace.directory,
    nodePath: process.execPath,
    github: { repository: 'octo-org/hello', sha: commit, ...planned.github },
    event: { repository: { private: true } },
    environment: { ...environment, ...recorder.environment(environment['NODE_OPTIONS']) },
    ...(show !== undefined && { show }),
  })
  const run = await job.runAction({ actionDirectory, inputs })
  await job.runPost(run)
  const { outcome = 'none', digest = '' } = run.outputs
  return { name: planned.name, commit, inputs, outcome, digest, exchanges: recorder.take() }
}

/** Runs that ended otherwise than they should, each in one line. */
export function unexpectedOutcomes({ runs }: Trace): readonly string[] {
  return plannedRuns.flatMap(({ name, outcome }) => {
    const seen = runs.find((run) => run.name === name)?.outcome ?? 'not run'
    return seen === outcome ? [] : [`${name}: the outcome is ${seen}, not ${outcome}`]
  })
}

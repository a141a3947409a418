import type { Workspace } from '../demo/workspace.ts'

/** What a run of the demo needs to be prepared, and how it should end. */
export interface PlannedRun {
  readonly name: string
  /** Brings the workspace to the commit that the run is for. */
  readonly arrange: (workspace: Workspace) => void
  readonly inputs: (workspace: Workspace, firstCommit: string) => Readonly<Record<string, string>>
  readonly github?: Readonly<Record<string, string>>
  readonly outcome: string
}

const release = ({ commit }: Workspace): Readonly<Record<string, string>> => ({
  'build-args': `COMMIT=${commit}`,
})

const wrong = (input: string): PlannedRun => ({
  name: `wrong ${input}`,
  arrange: () => undefined,
  inputs: () => ({ mode: 'deploy', image: '1.0.0', [input]: 'verify-aws-no-such-thing' }),
  outcome: 'refused',
})

/** The runs of the demo, in its order; then wrong names, for AWS's refusals: nothing is written. */
export const plannedRuns: readonly PlannedRun[] = [
  { name: 'first release', arrange: () => undefined, inputs: release, outcome: 'deployed' },
  { name: 'same commit again', arrange: () => undefined, inputs: release, outcome: 'unchanged' },
  {
    name: 'new commit',
    arrange: (workspace) => workspace.release('1.1.0'),
    inputs: release,
    outcome: 'deployed',
  },
  {
    name: 'broken commit',
    arrange: (workspace) => workspace.breakConfiguration(),
    inputs: release,
    outcome: 'rolled-back',
  },
  {
    name: 'redeploy',
    arrange: () => undefined,
    inputs: (_workspace, firstCommit) => ({ mode: 'deploy', image: firstCommit }),
    github: { event_name: 'workflow_dispatch' },
    outcome: 'deployed',
  },
  ...['cluster', 'service', 'repository', 'image'].map(wrong),
]

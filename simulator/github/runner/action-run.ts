import type { Annotation } from './annotation.ts'
import type { WorkflowCommand } from './command.ts'

/** A step of a job that uses a JavaScript action. */
export interface Step {
  /** The folder that holds action.yml. */
  readonly actionDirectory: string
  /** `with:` */
  readonly inputs?: Readonly<Record<string, string>>
  /** `env:` of the step. */
  readonly environment?: Readonly<Record<string, string>>
  /** The step's `id`; GITHUB_ACTION. */
  readonly id?: string
  /** Cancels the job: its status becomes `cancelled`, and the running process is asked to end. */
  readonly cancelled?: AbortSignal
}

/** What one run of an action's main or post did, as GitHub would show and keep it. */
export interface ActionRun {
  readonly step: Step
  readonly conclusion: 'success' | 'failure' | 'cancelled'
  /** Of the process; 128 + n when signal n ended it. */
  readonly exitCode: number
  /** The last signal that the runner sent the process. */
  readonly signalled?: NodeJS.Signals
  /** Step outputs, with secrets in them: see {@link Job.exportOutputs} for what leaves a job. */
  readonly outputs: Readonly<Record<string, string>>
  /** Main's and post's state so far; post finds it as STATE_*. */
  readonly state: Readonly<Record<string, string>>
  /** The Markdown of GITHUB_STEP_SUMMARY, secrets masked. */
  readonly summary: string
  readonly annotations: readonly Annotation[]
  readonly groups: readonly string[]
  /** The log's lines as they are shown, secrets masked. */
  readonly log: readonly string[]
  /** Every workflow command that was obeyed. */
  readonly commands: readonly WorkflowCommand[]
  readonly durationMs: number
}

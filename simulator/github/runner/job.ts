import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { ActionRun, Step } from './action-run.ts'
import { createCommandFiles } from './command-files.ts'
import type { CommandFiles } from './command-files.ts'
import { completeContext, githubVariables, runnerContext } from './context.ts'
import type { GithubContext } from './context.ts'
import { holds } from './expression.ts'
import type { JobStatus } from './expression.ts'
import { inputVariables, resolveInputs } from './inputs.ts'
import type { ResolvedInputs } from './inputs.ts'
import { readActionManifest } from './manifest.ts'
import { Masks } from './masks.ts'
import { invoke, runnerPatience } from './process.ts'
import type { Patience, ProcessEnd } from './process.ts'
import { StepLog } from './step-log.ts'
import type { StepEffects } from './step-log.ts'
import { readStepFiles, readSummary } from './step-results.ts'

/** A job on one machine: what its steps share. */
export interface JobOptions {
  /** Made if missing; RUNNER_TEMP, the tool cache and the event's file are below it. */
  readonly directory: string
  /** GITHUB_WORKSPACE, and the folder that actions run in. */
  readonly workspace: string
  /** The Node that `runs.using` stands for. */
  readonly nodePath: string
  /** Values of the `github` context; the rest is completed with plausible ones. */
  readonly github: GithubContext
  /** The webhook's payload, as it is to be found at GITHUB_EVENT_PATH. */
  readonly event: unknown
  /** The machine's and the job's variables: PATH, HOME, `env:`. This process's are not passed on. */
  readonly environment: Readonly<Record<string, string>>
  /** `secrets.*`: masked from the first line. */
  readonly secrets?: readonly string[]
  /** ACTIONS_STEP_DEBUG */
  readonly debug?: boolean
  /** Is given each line of the log as it is shown. */
  readonly show?: (line: string) => void
  readonly patience?: Patience
}

type Stage = 'main' | 'post'

/**
 * A model of GitHub's runner for JavaScript actions: reads action.yml, prepares a step's inputs,
 * variables and files, runs it under Node, and obeys and collects what it says. Behaviours are
 * those of github.com/actions/runner, read in its source.
 */
export class Job {
  readonly masks = new Masks()
  readonly #options: JobOptions
  readonly #github: GithubContext
  readonly #runner: Readonly<Record<string, string>>
  readonly #variables = { environment: new Map<string, string>(), paths: [] as string[] }
  #status: JobStatus = 'success'

  private constructor(options: JobOptions) {
    const { directory, workspace } = options
    const temporary = join(directory, '_temp')
    const eventPath = join(temporary, '_github_workflow', 'event.json')
    this.#options = options
    this.#github = completeContext({ ...options.github, workspace, event_path: eventPath })
    this.#runner = runnerContext(temporary, join(directory, '_tool'), directory)
    for (const secret of [...(options.secrets ?? []), options.github.token ?? ''])
      this.masks.add(secret)
  }

  /** Prepares the job's folders and its event. */
  static async start(options: JobOptions): Promise<Job> {
    const job = new Job(options)
    const temporary = join(options.directory, '_temp')
    for (const path of [join(temporary, '_github_workflow'), join(options.directory, '_tool')]) {
      await mkdir(path, { recursive: true })
    }
    await writeFile(
      join(temporary, '_github_workflow', 'event.json'),
      JSON.stringify(options.event),
    )
    return job
  }

  /** How the job stands after the steps so far. */
  get status(): JobStatus {
    return this.#status
  }

  /** Runs the main of an action. A failure is told in the result; it throws if none can be run. */
  runAction(step: Step): Promise<ActionRun> {
    return this.#run('main', step, new Map())
  }

  /** Runs the post of a step that ran, or nothing when it has none or its `post-if` does not hold. */
  async runPost(run: ActionRun): Promise<ActionRun | undefined> {
    const manifest = await readActionManifest(run.step.actionDirectory)
    if (manifest.post === undefined || !holds(manifest.postIf, this.#status)) return undefined
    // What cancelled main does not cancel the cleaning up after it.
    const step = { ...run.step, cancelled: new AbortController().signal }
    return this.#run('post', step, new Map(Object.entries(run.state)))
  }

  /**
   * Job outputs: `values` without those that are empty and those that hold a secret, for which
   * there is the runner's warning. This is how a masked output gets lost between two jobs.
   */
  exportOutputs(values: Readonly<Record<string, string>>): {
    outputs: Record<string, string>
    warnings: string[]
  } {
    const filled = Object.entries(values).filter(([, value]) => value !== '')
    const isSecret = ([, value]: [string, string]): boolean => this.masks.covers(value)
    return {
      outputs: Object.fromEntries(filled.filter((entry) => !isSecret(entry))),
      warnings: filled
        .filter(isSecret)
        .map(([name]) => `Skip output '${name}' since it may contain secret.`),
    }
  }

  async #run(stage: Stage, step: Step, state: Map<string, string>): Promise<ActionRun> {
    const { show = () => undefined, debug = false } = this.#options
    const manifest = await readActionManifest(step.actionDirectory)
    const outputs = new Map<string, string>()
    const effects: StepEffects = {
      setOutput: (name, value) => outputs.set(name, value),
      saveState: (name, value) => state.set(name, value),
    }
    const log = new StepLog(this.masks, effects, { show, debug })
    const contexts = { github: this.#github, runner: this.#runner }
    const inputs = resolveInputs(manifest, step.inputs ?? {}, contexts)
    announce(stage, step, inputs, log)
    const files = await createCommandFiles(this.#runner.temp ?? '')
    const environment = this.#environment(step, inputs.values, files, state)
    const startedAt = performance.now()
    const end = await this.#invoke(step, manifest[stage] ?? '', environment, log)
    const durationMs = performance.now() - startedAt
    await readStepFiles(files, { outputs, state, job: this.#variables }, log)
    const summary = await readSummary(files, this.masks, log)
    return {
      ...{ step, ...end, summary, durationMs },
      conclusion: this.#conclude(step, end.exitCode !== 0 || log.failed),
      outputs: Object.fromEntries(outputs),
      state: Object.fromEntries(state),
      annotations: log.annotations,
      groups: log.groups,
      log: log.lines,
      commands: log.commands,
    }
  }

  #invoke(
    step: Step,
    script: string,
    environment: Readonly<Record<string, string>>,
    log: StepLog,
  ): Promise<ProcessEnd> {
    return invoke({
      program: this.#options.nodePath,
      arguments: [join(step.actionDirectory, script)],
      directory: this.#options.workspace,
      environment,
      onLine: (line) => {
        log.receive(line)
      },
      ...(step.cancelled && { cancelled: step.cancelled }),
      patience: this.#options.patience ?? runnerPatience,
    })
  }

  /** The step's conclusion. A failed or cancelled job stays so, whatever the next steps do. */
  #conclude(step: Step, failed: boolean): JobStatus {
    const conclusion =
      step.cancelled?.aborted === true ? 'cancelled' : failed ? 'failure' : 'success'
    if (conclusion === 'cancelled' || this.#status === 'success') this.#status = conclusion
    return conclusion
  }

  #environment(
    step: Step,
    inputs: Readonly<Record<string, string>>,
    files: CommandFiles,
    state: ReadonlyMap<string, string>,
  ): Record<string, string> {
    const written = {
      CI: 'true',
      ...this.#options.environment,
      ...Object.fromEntries(this.#variables.environment),
      ...step.environment,
    }
    const path = 'PATH' in written ? [written.PATH] : []
    return {
      ...written,
      PATH: [...this.#variables.paths.toReversed(), ...path].join(':'),
      ...inputVariables(inputs),
      ...prefixed('STATE_', state),
      GITHUB_ACTIONS: 'true',
      ...githubVariables({ ...this.#github, action: step.id ?? '__self' }),
      ...Object.fromEntries(
        Object.entries(this.#runner).map(([name, value]) => [
          `RUNNER_${name.toUpperCase()}`,
          value,
        ]),
      ),
      ...(this.#options.debug === true && { RUNNER_DEBUG: '1' }),
      ...files,
    }
  }
}

const prefixed = (prefix: string, values: ReadonlyMap<string, string>): Record<string, string> =>
  Object.fromEntries([...values].map(([name, value]) => [prefix + name, value]))

/** The first lines of a step's log. */
function announce(stage: Stage, step: Step, inputs: ResolvedInputs, log: StepLog): void {
  if (stage === 'post') {
    log.write('Post job cleanup.')
    return
  }
  for (const warning of inputs.warnings) log.report('warning', warning)
  log.write(`##[group]Run ${step.actionDirectory}`)
  const filled = Object.entries(inputs.values).filter(([, value]) => value !== '')
  if (filled.length > 0) log.write('with:')
  for (const [name, value] of filled) log.write(`  ${name}: ${value}`)
  log.write('##[endgroup]')
}

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import type { ActionRun, Step } from '../../../simulator/github/runner/action-run.ts'
import { Job } from '../../../simulator/github/runner/job.ts'
import type { Screen } from '../../demo/screen.ts'
import { ecrHost, region, roleArn, type Stage } from '../../demo/stage.ts'
import { Workspace } from '../../demo/workspace.ts'

/** One step of a workflow that uses the action. */
export interface SiteStep {
  readonly inputs: Readonly<Record<string, string>>
  /** Its `env`. */
  readonly environment?: Readonly<Record<string, string>>
  /** What is checked out; undefined: the sample application. */
  readonly workspace?: Workspace
  /** Is given each line of main's log as it comes. */
  readonly onLine?: (line: string) => void
  readonly cancelled?: AbortSignal
}

/** A step whose main has ended. */
export interface SiteRun {
  readonly main: ActionRun
  /** Runs its post, as at the end of the job. */
  readonly post: () => Promise<ActionRun | undefined>
}

/** Where scenes play: the stage's account, the sample application, and the action on a runner. */
export class Site {
  readonly stage: Stage
  readonly screen: Screen
  /** The folder with buildkitd, buildctl, buildx and runc. */
  readonly programs: string
  readonly workspace: Workspace
  readonly #action: string
  #runs = 0
  #versions = 0

  constructor(
    stage: Stage,
    screen: Screen,
    given: { readonly programs: string; readonly action: string },
  ) {
    this.stage = stage
    this.screen = screen
    this.programs = given.programs
    this.#action = given.action
    const directory = join(stage.directory, 'workspace')
    mkdirSync(directory)
    this.workspace = new Workspace(directory)
  }

  /** Makes a repository of the registry. */
  createRepository(name: string, tagMutability: 'IMMUTABLE' | 'MUTABLE' = 'IMMUTABLE'): void {
    this.stage.simulator.ecr.registry.create(name, { tagMutability })
  }

  /** Commits another version of the application, so that there is something to build. */
  nextCommit(): string {
    this.#versions += 1
    return this.workspace.release(`2.${String(this.#versions)}.0`)
  }

  /** Inputs that say who the action is, and where the image goes. */
  target(repository: string): Record<string, string> {
    return { 'role-to-assume': roleArn, 'aws-region': region, repository }
  }

  /** Inputs of every run that builds, and those of `more`. */
  inputs(repository: string, more: Readonly<Record<string, string>>): Record<string, string> {
    return { ...this.target(repository), 'build-args': `BASE=${this.stage.base}`, ...more }
  }

  /** Runs main in a job of its own. */
  async run({ inputs, environment, workspace, onLine, cancelled }: SiteStep): Promise<SiteRun> {
    this.#runs += 1
    const { oidc } = this.stage.simulator
    const { commit, directory } = workspace ?? this.workspace
    oidc.job = { ...oidc.job, repository: 'octo-org/hello', sha: commit }
    const job = await Job.start({
      directory: join(this.stage.directory, `job-${String(this.#runs)}`),
      workspace: directory,
      nodePath: process.execPath,
      github: { repository: 'octo-org/hello', sha: commit, run_id: String(this.#runs) },
      event: { repository: { private: true, default_branch: 'main' } },
      environment: { ...this.#environment(), ...environment },
      ...(onLine && { show: onLine }),
    })
    const step: Step = { actionDirectory: this.#action, inputs, ...(cancelled && { cancelled }) }
    const main = await job.runAction(step)
    return { main, post: () => job.runPost(main) }
  }

  /** Runs main and post and checks the outcome; a log that ends otherwise is shown. */
  async expect(step: SiteStep, outcome: string): Promise<ActionRun> {
    const { main, post } = await this.run(step)
    this.checkOutcome(main, outcome)
    const cleaned = await post()
    this.screen.check(cleaned?.exitCode === 0, 'the post step ended well')
    return main
  }

  checkOutcome({ outputs, log }: ActionRun, outcome: string): void {
    const found = outputs['outcome']
    this.screen.check(found === outcome, `the outcome is ${outcome}`, found)
    if (found !== outcome) this.screen.block(log.slice(-40).join('\n'))
  }

  #environment(): Record<string, string> {
    const passedOn = ['PATH', 'HOME', 'DOCKER_HOST', 'LANG']
    const own = passedOn.flatMap((name): [string, string][] => {
      const value = process.env[name]
      return value === undefined ? [] : [[name, value]]
    })
    return { ...Object.fromEntries(own), ...this.stage.environment }
  }
}

/** How the registry of a private world is called in references. */
export const registryOf = (repository: string): string => `${ecrHost}/${repository}`

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import type { Stage } from '../demo/stage.ts'
import { readActLog, type JobRun } from './act-log.ts'

const project = join(import.meta.dirname, '..', '..')
/** A run takes seconds; one that hangs is ended. */
const deadlineMs = 240_000
/** As examples/workflows writes it; a machine here has its emulation already. */
const emulationSetup = 'docker/setup-qemu-action'

/** What starts a workflow. */
export interface Trigger {
  readonly event: 'push' | 'workflow_dispatch'
  readonly ref: string
  readonly commit: string
  readonly inputs?: Readonly<Record<string, string>>
}

/** A finished run of a workflow. */
export interface WorkflowRun {
  readonly exitCode: number
  readonly jobs: ReadonlyMap<string, JobRun>
  /** What act said before any job. */
  readonly complaint: string
}

/**
 * act with jobs on this machine itself. What a workflow `uses` by name is taken from folders here:
 * steadyship/steadyship from the committed action.yml and dist/, and of course nothing is fetched.
 */
export class ActRunner {
  readonly #program: string
  readonly #stage: Stage
  readonly #workspace: string
  readonly #home: string
  #runs = 0

  /** @param workspace Git repository of the application; its workflows are in .github/workflows. */
  constructor(program: string, stage: Stage, workspace: string) {
    this.#program = program
    this.#stage = stage
    this.#workspace = workspace
    this.#home = mkdtempSync(join(stage.directory, 'act-'))
    const action = join(this.#home, 'steadyship')
    mkdirSync(action)
    for (const part of ['action.yml', 'dist']) {
      cpSync(join(project, part), join(action, part), { recursive: true })
    }
    const emulation = join(this.#home, 'emulation')
    mkdirSync(emulation)
    writeFileSync(join(emulation, 'action.yml'), doNothing)
  }

  /** Runs the workflow of the file `name`. @param uses What its steps use, as they name it. */
  async run(name: string, uses: readonly string[], trigger: Trigger): Promise<WorkflowRun> {
    this.#runs += 1
    const { oidc } = this.#stage.simulator
    const { event, ref, commit } = trigger
    oidc.job = { ...oidc.job, repository: 'octo-org/hello', sha: commit, ref, eventName: event }
    const child = spawn(this.#program, this.#arguments(name, uses, trigger), {
      cwd: this.#workspace,
      env: this.#environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: deadlineMs,
      killSignal: 'SIGKILL',
    })
    let log = ''
    let complaint = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (log += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text))
    const [code] = (await once(child, 'close')) as [number | null]
    return { exitCode: code ?? 1, jobs: readActLog(log), complaint }
  }

  #arguments(name: string, uses: readonly string[], trigger: Trigger): readonly string[] {
    const eventPath = join(this.#home, `event-${this.#runs}.json`)
    const { event, ref, inputs } = trigger
    const repository = { full_name: 'octo-org/hello', private: true, default_branch: 'main' }
    writeFileSync(eventPath, JSON.stringify({ ref, repository, ...(inputs && { inputs }) }))
    return [
      ...[event, '--json', '--workflows', join('.github', 'workflows', name)],
      ...['--eventpath', eventPath, '--actor', 'octocat', '--defaultbranch', 'main'],
      ...['ubuntu-24.04', 'ubuntu-24.04-arm'].flatMap((runner) => [
        ...['--platform', `${runner}=-self-hosted`],
      ]),
      ...['--concurrent-jobs', '1'],
      ...['--no-cache-server', '--action-offline-mode'],
      ...uses.flatMap((action) => ['--local-repository', `${action}=${this.#folderOf(action)}`]),
    ]
  }

  #folderOf(action: string): string {
    return join(this.#home, action.startsWith(`${emulationSetup}@`) ? 'emulation' : 'steadyship')
  }

  /** With jobs on the machine itself act hands all of its variables on to them. */
  #environment(): NodeJS.ProcessEnv {
    const passedOn = ['HOME', 'DOCKER_HOST', 'LANG']
    const own = passedOn.map((name): [string, string | undefined] => [name, process.env[name]])
    return {
      ...Object.fromEntries(own.filter(([, value]) => value !== undefined)),
      ...this.#stage.environment,
      // compose.yaml of the example takes its base image from the job.
      BASE: this.#stage.base,
      // For JavaScript actions act takes the first `node` of the PATH.
      PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
      XDG_CACHE_HOME: join(this.#home, 'cache'),
      XDG_CONFIG_HOME: join(this.#home, 'config'),
    }
  }
}

const doNothing = `name: ${emulationSetup}, where the machine emulates already
runs:
  using: composite
  steps:
    - run: echo 'This machine runs programs of the other CPU already.'
      shell: sh
`

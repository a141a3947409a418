import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'

import type { ActionRun } from '../../simulator/github/runner/action-run.ts'
import { Job } from '../../simulator/github/runner/job.ts'
import { DockerStopwatch } from './docker-stopwatch.ts'
import type { Screen } from './screen.ts'
import { demoCluster, region, repository, roleArn, shopCluster, type Stage } from './stage.ts'
import type { Workspace } from './workspace.ts'

const action = join(import.meta.dirname, '..', '..')

/** What one run of the action did and how long it took. */
export interface Performance {
  readonly run: ActionRun
  readonly post: ActionRun | undefined
  readonly wallSeconds: number
  /** Of `docker buildx build` alone, as a stopwatch around it saw. */
  readonly buildSeconds: number
  /** By phase, as the action tells. */
  readonly timings: Readonly<Record<string, number>>
}

/** The action on a runner: the committed bundle, main and post, as GitHub would run it. */
export class Runner {
  readonly #stage: Stage
  readonly #workspace: Workspace
  readonly #screen: Screen
  readonly #stopwatch: DockerStopwatch
  #runs = 0

  constructor(stage: Stage, workspace: Workspace, screen: Screen) {
    this.#stage = stage
    this.#workspace = workspace
    this.#screen = screen
    this.#stopwatch = new DockerStopwatch(mkdtempSync(join(stage.directory, 'stopwatch-')))
  }

  /** `mode: release` of the commit that is checked out, as a push to main triggers it. */
  release(): Promise<Performance> {
    const { commit } = this.#workspace
    return this.#perform({
      ...this.#target(),
      'task-definition': 'task-definition.json',
      'build-args': `BASE=${this.#stage.base}\nCOMMIT=${commit}`,
      driver: 'remote',
      endpoint: this.#buildkit(),
    })
  }

  /** `mode: release` of all images of compose.yaml to one service. */
  releaseShop(): Promise<Performance> {
    return this.#perform({
      'role-to-assume': roleArn,
      'aws-region': region,
      'bake-files': 'compose.yaml',
      'task-definition': 'task-definition.json',
      cluster: shopCluster,
      service: 'shop',
      driver: 'remote',
      endpoint: this.#buildkit(),
    })
  }

  /** `mode: deploy` of an image that is there, as somebody asks for it by hand. */
  redeploy(image: string): Promise<Performance> {
    const inputs = { ...this.#target(), mode: 'deploy', image }
    return this.#perform(inputs, { event_name: 'workflow_dispatch' })
  }

  #target(): Record<string, string> {
    return {
      'role-to-assume': roleArn,
      'aws-region': region,
      cluster: demoCluster,
      service: 'hello',
      repository,
      // The sample is nobody's secret; a private repository shows them anyway.
      'log-lines': '20',
    }
  }

  #buildkit(): string {
    const address = process.env['WORLD_BUILDKIT']
    if (address === undefined) throw new Error('WORLD_BUILDKIT names no BuildKit')
    return address
  }

  async #perform(
    inputs: Record<string, string>,
    github: Record<string, string> = {},
  ): Promise<Performance> {
    this.#runs += 1
    const { directory } = this.#stage
    const commit = this.#workspace.commit
    const job = await Job.start({
      directory: join(directory, `job-${String(this.#runs)}`),
      workspace: this.#workspace.directory,
      nodePath: process.execPath,
      github: {
        repository: 'octo-org/hello',
        sha: commit,
        run_id: String(this.#runs),
        ...github,
      },
      event: { repository: { private: true } },
      environment: this.#environment(),
      show: folding((line) => this.#screen.line(line)),
    })
    this.#stage.simulator.oidc.job = {
      ...this.#stage.simulator.oidc.job,
      repository: 'octo-org/hello',
      sha: commit,
    }
    const startMs = performance.now()
    const run = await job.runAction({ actionDirectory: action, inputs })
    const wallSeconds = (performance.now() - startMs) / 1000
    const post = await job.runPost(run)
    const buildSeconds = this.#stopwatch.takeBuildSeconds()
    return { run, post, wallSeconds, buildSeconds, timings: timingsOf(run) }
  }

  #environment(): Record<string, string> {
    const passedOn = ['PATH', 'HOME', 'DOCKER_HOST', 'LANG']
    const own = passedOn.flatMap((name): [string, string][] => {
      const value = process.env[name]
      return value === undefined ? [] : [[name, value]]
    })
    // compose.yaml of the example takes its base image from the job.
    const base = { BASE: this.#stage.base }
    const environment = { ...Object.fromEntries(own), ...base, ...this.#stage.environment }
    const path = `${this.#stopwatch.directory}:${process.env['PATH'] ?? ''}`
    return { ...environment, PATH: path }
  }
}

function timingsOf(run: ActionRun): Readonly<Record<string, number>> {
  const timings: unknown = JSON.parse(run.outputs['timings'] ?? '{}')
  const pairs = typeof timings === 'object' && timings !== null ? Object.entries(timings) : []
  return Object.fromEntries(pairs.map(([phase, seconds]) => [phase, Number(seconds)]))
}

/** Groups are folded, as on GitHub: of a build only its steps are shown, one line each. */
function folding(show: (line: string) => void): (line: string) => void {
  let folded = false
  return (line) => {
    if (line.startsWith('##[group]')) {
      folded = true
      show(`▸ ${line.slice('##[group]'.length)}`)
    } else if (line.startsWith('##[endgroup]')) {
      folded = false
    } else if (!folded || /^#\d+ \[.*\/.*\] (RUN|COPY)/.test(line)) {
      show(line)
    }
  }
}

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import type { Deployment } from '../../simulator/github/rest/repository.ts'
import { startSimulator, type Simulator } from '../../simulator/simulator.ts'
import { ActionError } from '../../src/core/errors/action-error.ts'
import { failures, successes, type Outcome } from '../../src/core/outcome.ts'
import type { DeployPlan, Plan } from '../../src/core/plan/plan.ts'
import type { RunEnd } from '../../src/core/report/run-end.ts'
import type { GitHub } from '../../src/ports/github.ts'
import { announceDeployment } from '../../src/stages/announce-deployment.ts'
import { EcsWorld } from '../support/ecs-world.ts'
import { addShop, commits, gitHubOf } from '../support/github-world.ts'
import { noGitHub } from '../support/no-github.ts'
import { pushedImage } from '../support/pushed-image.ts'
import { RecordingReport } from '../support/recording-report.ts'
import { commit, runContext } from '../support/run-context.ts'

const environment = { name: 'staging', url: 'https://shop.example.com' }
const cancelled = new ActionError('cancelled', 'the run was cancelled', 'Run it again.')

let simulator: Simulator
let deployments: readonly Deployment[]
let report: RecordingReport
let abort: AbortController
let plan: DeployPlan
beforeEach(async () => {
  const world = await EcsWorld.create()
  const services = [await world.plan()]
  await world.close()
  plan = { mode: 'deploy', images: [], services, deployOrder: 'parallel', task: undefined }
  simulator = await startSimulator()
  deployments = addShop(simulator).deployments
  report = new RecordingReport()
  abort = new AbortController()
})
afterEach(() => simulator.close())

function endOf(outcome: Outcome, error?: ActionError): RunEnd {
  return { outcome, changed: true, verified: true, error }
}

interface Differences {
  readonly plan?: Plan
  readonly github?: GitHub
  readonly environment?: typeof environment | undefined
}

async function announce(work: () => Promise<RunEnd>, differences: Differences = {}) {
  const { github = gitHubOf(simulator) } = differences
  const ports = { report, github, signal: abort.signal, context: runContext({ runAttempt: 2 }) }
  const shown = 'environment' in differences ? differences.environment : environment
  const done = announceDeployment(shown, differences.plan ?? plan, ports, work)
  return await done.catch((error: unknown) => error)
}

const states = () => deployments.flatMap(({ statuses }) => statuses.map(({ state }) => state))
const last = () => deployments[0]?.statuses.at(-1)

describe('deployment-environment', () => {
  it('shows the deployment of the commit from its beginning to its end', async () => {
    const during: (readonly string[])[] = []
    const end = await announce(() => {
      during.push(states())
      return Promise.resolve(endOf('deployed'))
    })
    expect(end).toEqual(endOf('deployed'))
    expect(during).toEqual([['in_progress']])
    expect(deployments).toMatchObject([{ sha: commit, environment: 'staging' }])
    expect(last()).toMatchObject({
      ...{ state: 'success', description: 'deployed', environmentUrl: environment.url },
      logUrl: 'https://github.com/octo/shop/actions/runs/77/attempts/2',
    })
    expect(report.warnings).toEqual([])
  })

  it('names the commit of an image that was built by another run', async () => {
    const images = [{ ...pushedImage(1), commit: commits.older }]
    await announce(() => Promise.resolve(endOf('deployed')), { plan: { ...plan, images } })
    expect(deployments).toMatchObject([{ sha: commits.older }])
  })

  const green: readonly Outcome[] = successes.filter(
    (outcome) => outcome !== 'submitted' && outcome !== 'paused',
  )
  const particular: readonly Outcome[] = ['superseded', 'unknown', 'cancelled']
  const red: readonly Outcome[] = failures.filter((outcome) => !particular.includes(outcome))
  it.each<[Outcome, string]>([
    ...green.map((outcome): [Outcome, string] => [outcome, 'success']),
    ...red.map((outcome): [Outcome, string] => [outcome, 'failure']),
    ['submitted', 'in_progress'],
    ['paused', 'in_progress'],
    ['superseded', 'inactive'],
    ['unknown', 'error'],
    ['cancelled', 'error'],
  ])('shows %s as %s', async (outcome, state) => {
    await announce(() => Promise.resolve(endOf(outcome)))
    expect(last()).toMatchObject({ state, description: outcome })
  })

  it('says the error code, and nothing else of an error', async () => {
    const error = new ActionError('rollout-failed', 'secret words', 'Look.', { details: ['log'] })
    await announce(() => Promise.resolve(endOf('failed', error)))
    expect(last()).toMatchObject({ state: 'failure', description: 'failed: rollout-failed' })
  })

  it('shows a run that breaks off as failed, and hands its error on', async () => {
    const error = new ActionError('build-failed', 'the build failed', 'Look.')
    expect(await announce(() => Promise.reject(error))).toBe(error)
    expect(last()).toMatchObject({ state: 'failure', description: 'failed: build-failed' })
  })

  it('shows a cancelled run as such at once, and once', async () => {
    const end = await announce(async () => {
      abort.abort(cancelled)
      while (states().length < 2) await new Promise(setImmediate)
      throw cancelled
    })
    expect(end).toBe(cancelled)
    expect(states()).toEqual(['in_progress', 'error'])
    expect(last()).toMatchObject({ description: 'cancelled' })
  })

  it('begins nothing that was cancelled while GitHub was told', async () => {
    abort.abort(cancelled)
    const end = await announce(() => Promise.reject(new Error('it was begun')))
    expect(end).toBe(cancelled)
    expect(states()).toEqual(['in_progress', 'error'])
  })

  it('makes an earlier deployment of the environment inactive, as GitHub does', async () => {
    await announce(() => Promise.resolve(endOf('deployed')))
    await announce(() => Promise.resolve(endOf('deployed')))
    expect(states()).toEqual(['in_progress', 'success', 'inactive', 'in_progress', 'success'])
  })

  it.each<[string, () => GitHub, string]>([
    [
      'a permission is missing',
      () => gitHubOf(simulator, { contents: 'read' }),
      'add `permissions: deployments: write` to the job',
    ],
    ['there is no token', () => noGitHub, '`github-token` is empty'],
  ])('is a warning where %s; the run goes on', async (_what, github, text) => {
    const end = await announce(() => Promise.resolve(endOf('deployed')), { github: github() })
    expect(end).toEqual(endOf('deployed'))
    expect(report.warnings).toHaveLength(1)
    expect(report.warnings[0]).toContain(text)
    expect(deployments).toEqual([])
  })

  it('is a warning where GitHub does not know the commit', async () => {
    const images = [{ ...pushedImage(1), commit: 'f'.repeat(40) }]
    const other = { plan: { ...plan, images } }
    expect(await announce(() => Promise.resolve(endOf('deployed')), other)).toMatchObject({
      outcome: 'deployed',
    })
    expect(report.warnings[0]).toContain('422: No ref found')
  })

  it('is one warning where no status can be told', async () => {
    const call = 'github:CreateDeploymentStatus'
    simulator.faults.add([{ call, first: 9, status: 502, error: 'Bad Gateway' }])
    const end = await announce(() => {
      return Promise.resolve(endOf('deployed'))
    })
    expect(end).toEqual(endOf('deployed'))
    expect(report.warnings).toHaveLength(1)
  })

  it.each<[string, () => Differences]>([
    ['is asked for', () => ({ environment: undefined })],
    ['service is deployed to', () => ({ plan: { ...plan, services: [] } })],
  ])('shows nothing where no such thing %s', async (_what, differences) => {
    await announce(() => Promise.resolve(endOf('pushed')), differences())
    expect(deployments).toEqual([])
    expect(simulator.requests.list('github')).toEqual([])
  })
})

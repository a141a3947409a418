import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'

import { exampleNames, readExample } from '../../scripts/ci/example-workflow.ts'
import { readManifest } from '../../scripts/docs/readme-tables.ts'

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}

interface Job {
  readonly steps: readonly Step[]
  readonly outputs?: Readonly<Record<string, string>>
  readonly 'timeout-minutes'?: number
  readonly permissions?: Readonly<Record<string, string>>
  readonly concurrency?: { readonly group: string; readonly 'cancel-in-progress': boolean }
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>
  readonly permissions?: Readonly<Record<string, string>>
  readonly concurrency?: Job['concurrency']
  readonly jobs: Readonly<Record<string, Job>>
}

const root = join(import.meta.dirname, '..', '..')
const own = 'steadyship/steadyship@v0'
const files = ['.github/workflows', 'examples/workflows'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => `${folder}/${name}`),
)
const textOf = (path: string) => readFileSync(join(root, path), 'utf8')
const workflowOf = (path: string) => parse(textOf(path)) as Workflow
const stepsOf = ({ jobs }: Workflow) => Object.values(jobs).flatMap(({ steps }) => steps)
const isOurs = ({ uses }: Step) => uses !== undefined && (uses === './' || uses === own)

describe.each(files)('%s', (path) => {
  const workflow = workflowOf(path)

  it('pins what others made by a commit, and tells its version', () => {
    const uses = textOf(path)
      .split('\n')
      .filter((line) => /^\s*(- )?uses:/.test(line))
      .map((line) => line.replace(/^\s*(- )?uses:\s*/, ''))
    expect(uses.length).toBe(stepsOf(workflow).filter((step) => step.uses !== undefined).length)
    const foreign = uses.filter((text) => !text.startsWith('./') && !text.startsWith(own))
    const loose = foreign.filter((text) => !/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(text))
    expect(loose).toEqual([])
  })

  it('permits nothing by default, and bounds every job in time', () => {
    expect(workflow.permissions).toEqual({})
    const unbounded = Object.values(workflow.jobs).filter((job) => !job['timeout-minutes'])
    expect(unbounded).toEqual([])
  })

  it('is not started by events that run with secrets for strangers', () => {
    expect(Object.keys(workflow.on)).not.toContain('pull_request_target')
    expect(Object.keys(workflow.on)).not.toContain('workflow_run')
  })

  it('puts no value that a stranger can shape into a script', () => {
    const scripts = stepsOf(workflow).map(({ run = '' }) => run)
    const shaped = /\$\{\{[^}]*\b(github\.(event|head_ref|ref_name)|inputs)\b/
    expect(scripts.filter((script) => shaped.test(script))).toEqual([])
  })

  it('keeps no token of the checkout', () => {
    const checkouts = stepsOf(workflow).filter(({ uses }) => uses?.startsWith('actions/checkout@'))
    const keeping = checkouts.filter((step) => step.with?.['persist-credentials'] !== false)
    expect(keeping).toEqual([])
  })
})

describe('the examples', () => {
  const inputs = Object.keys(readManifest(textOf('action.yml')).inputs)

  it('are the ways that README.md names', () => {
    const named = [...textOf('README.md').matchAll(/examples\/workflows\/([\w-]+\.yml)/g)]
    expect(named.map(([, name]) => name).toSorted()).toEqual(exampleNames().toSorted())
  })

  it.each(exampleNames())('%s gives the action only inputs that action.yml declares', (name) => {
    const ours = stepsOf(workflowOf(`examples/workflows/${name}`)).filter(isOurs)
    expect(ours.length).toBeGreaterThan(0)
    const unknown = ours.flatMap((step) => Object.keys(step.with ?? {}))
    expect(unknown.filter((input) => !inputs.includes(input))).toEqual([])
  })

  it('hand the image from staging to production as a digest, never as a name', () => {
    const { staging, production } = workflowOf('examples/workflows/release.yml').jobs
    expect(staging?.outputs).toEqual({ digest: '${{ steps.ship.outputs.digest }}' })
    const [ship] = production?.steps.filter(isOurs) ?? []
    expect(ship?.with).toMatchObject({
      mode: 'deploy',
      image: '${{ needs.staging.outputs.digest }}',
    })
  })

  it.each(exampleNames())('%s lets a deployment end before the next begins', (name) => {
    const workflow = workflowOf(`examples/workflows/${name}`)
    // A leg of a matrix deploys nothing, and legs shall run side by side.
    const deploying = Object.values(workflow.jobs).filter(({ steps }) =>
      steps.some((step) => isOurs(step) && step.with?.['mode'] !== 'build'),
    )
    const groups = deploying.map((job) => job.concurrency ?? workflow.concurrency)
    expect(groups.length).toBeGreaterThan(0)
    for (const group of groups) {
      expect(group?.group).toMatch(/^(hello|shop)-/)
      expect(group?.['cancel-in-progress']).toBe(false)
    }
  })

  it.each(exampleNames())('%s asks for an OIDC token and at most reads the repository', (name) => {
    for (const job of Object.values(workflowOf(`examples/workflows/${name}`).jobs)) {
      const { 'id-token': token, contents = 'read', ...more } = job.permissions ?? {}
      expect({ token, contents, more }).toEqual({ token: 'write', contents: 'read', more: {} })
    }
  })
})

describe('an example that is run here', () => {
  const setting = { endpoint: 'tcp://127.0.0.1:1234', base: 'registry.test/base:1' }

  it('differs in the builder and the base image of the step that builds, and in nothing else', () => {
    const committed = workflowOf('examples/workflows/release.yml')
    const { text, changedSteps } = readExample('release.yml', setting)
    const run = parse(text) as Workflow
    expect(changedSteps).toBe(1)
    const [step] = stepsOf(run).filter(isOurs)
    expect(step?.with).toMatchObject({ driver: 'remote', endpoint: setting.endpoint })
    const undone = stepsOf(run).map((each) => {
      if (each !== step) return each
      const { driver, endpoint, ...rest } = each.with ?? {}
      expect([driver, endpoint]).toEqual(['remote', setting.endpoint])
      const args = String(rest['build-args']).replace(`BASE=${setting.base}\n`, '')
      return { ...each, with: { ...rest, 'build-args': args } }
    })
    expect(undone).toEqual(stepsOf(committed))
  })

  it('has a job for each leg of a matrix, and one that joins what the legs tell', () => {
    const committed = workflowOf('examples/workflows/native-runners.yml').jobs
    const { text, changedSteps } = readExample('native-runners.yml', setting)
    const { jobs } = parse(text) as Workflow
    const [first, second] = [jobs['build-1'], jobs['build-2']]
    expect(first).toMatchObject({
      strategy: { matrix: { include: [{ platform: 'linux/amd64' }] } },
    })
    expect(second).toMatchObject({
      needs: 'build-1',
      strategy: { matrix: { include: [{ platform: 'linux/arm64' }] } },
    })
    for (const leg of [first, second]) expect(leg?.outputs).toEqual(committed['build']?.outputs)
    expect(jobs['build']).toEqual({
      needs: ['build-1', 'build-2'],
      'runs-on': 'ubuntu-24.04',
      outputs: {
        amd64: '${{ needs.build-1.outputs.amd64 || needs.build-2.outputs.amd64 }}',
        arm64: '${{ needs.build-1.outputs.arm64 || needs.build-2.outputs.arm64 }}',
      },
      steps: [{ run: 'true' }],
    })
    // The merge builds nothing: it is the committed job.
    expect(jobs['ship']).toEqual(committed['ship'])
    expect(changedSteps).toBe(1)
  })

  it('gets no build arguments where a compose file says what is built', () => {
    const { text } = readExample('compose.yml', setting)
    const [step] = stepsOf(parse(text) as Workflow).filter(isOurs)
    expect(step?.with).toMatchObject({ 'bake-files': 'compose.yaml', driver: 'remote' })
    expect(step?.with).not.toHaveProperty('build-args')
  })

  it('is the committed file itself where nothing is built', () => {
    const { text, uses, changedSteps } = readExample('redeploy.yml', setting)
    expect(text).toBe(textOf('examples/workflows/redeploy.yml'))
    expect({ uses, changedSteps }).toEqual({ uses: [own], changedSteps: 0 })
  })
})

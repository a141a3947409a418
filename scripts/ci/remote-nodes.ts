// node scripts/node24.mjs scripts/ci/remote-nodes.ts --buildkit FOLDER
// One image for two platforms, each built by a BuildKit daemon of its own, the second behind TLS:
// the committed bundle with `endpoint` and `append`. FOLDER is in the cache; it holds buildkitd and
// buildctl.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import type { ActionRun } from '../../simulator/github/runner/action-run.ts'
import { Job } from '../../simulator/github/runner/job.ts'
import { createTlsIdentity, type TlsIdentity } from '../../simulator/wire/tls.ts'
import { onMachine, type Machine } from '../demo/machine.ts'
import { Screen } from '../demo/screen.ts'
import { region, repository, roleArn, Stage } from '../demo/stage.ts'
import { Workspace } from '../demo/workspace.ts'
import { BuildkitDaemon } from './buildkit-daemon.ts'

const action = join(import.meta.dirname, '..', '..')

const { values } = parseArgs({
  options: {
    buildkit: { type: 'string' },
    /** Given by this program to itself, inside a private world. */
    'base-image': { type: 'string' },
  },
})
const { buildkit } = values
if (buildkit === undefined) throw new TypeError('--buildkit names no folder')

process.exitCode = await onMachine({
  script: 'scripts/ci/remote-nodes.ts',
  argv: ['--buildkit', buildkit],
  baseImage: values['base-image'],
  perform: (machine) => buildOnTwoNodes(buildkit, machine),
})

async function buildOnTwoNodes(programs: string, machine: Machine): Promise<number> {
  const screen = new Screen(true)
  const stage = await Stage.open({ ...machine, clusters: [] })
  const tls = await createTlsIdentity(['localhost'])
  const daemons: BuildkitDaemon[] = []
  try {
    screen.chapter('Two platforms by two remote nodes')
    for (const [index, platform] of ['linux/amd64', 'linux/arm64'].entries()) {
      const directory = join(stage.directory, `node-${String(index)}`)
      const options = { programs, directory, port: 12_340 + index, platforms: [platform] }
      daemons.push(await BuildkitDaemon.start(index === 0 ? options : { ...options, tls }))
    }
    await release(stage, daemons, tls, screen)
  } finally {
    for (const daemon of daemons) await daemon.stop()
    await stage.close()
  }
  return screen.conclude() ? 0 : 1
}

async function release(
  stage: Stage,
  daemons: readonly BuildkitDaemon[],
  tls: TlsIdentity,
  screen: Screen,
): Promise<void> {
  const [first, second] = daemons.map(({ address }) => address)
  const run = await runAction(stage, {
    environment: { BUILDER_NODE_1_AUTH_TLS_CACERT: tls.authority },
    inputs: {
      ...{ 'role-to-assume': roleArn, 'aws-region': region, repository },
      ...{ 'build-args': `BASE=${stage.base}`, driver: 'remote', endpoint: first ?? '' },
      append: `- endpoint: ${second ?? ''}\n  platforms: linux/arm64\n`,
    },
  })
  const { outcome, platforms } = run.outputs
  if (run.exitCode !== 0) screen.block(run.log.slice(-30).join('\n'))
  screen.check(outcome === 'pushed', 'the outcome is pushed', outcome)
  const pushed = Object.keys(JSON.parse(platforms ?? '{}') as object)
  const both = pushed.includes('linux/amd64') && pushed.includes('linux/arm64')
  screen.check(both, 'the registry has both platforms', pushed.join(', '))
  for (const [index, daemon] of daemons.entries()) {
    const records = await daemon.records()
    screen.check(records > 0, `node ${String(index)} built`, `${String(records)} cache records`)
  }
  const leaked = run.log.filter((line) => line.includes(tls.authority.split('\n')[1] ?? ''))
  screen.check(leaked.length === 0, 'the TLS material is in no line of the log')
}

async function runAction(
  stage: Stage,
  step: {
    readonly environment: Readonly<Record<string, string>>
    readonly inputs: Readonly<Record<string, string>>
  },
): Promise<ActionRun> {
  const directory = join(stage.directory, 'workspace')
  mkdirSync(directory)
  const workspace = new Workspace(directory)
  const { oidc } = stage.simulator
  oidc.job = { ...oidc.job, repository: 'octo-org/hello', sha: workspace.commit }
  const { PATH = '', HOME = '', DOCKER_HOST } = process.env
  const job = await Job.start({
    directory: join(stage.directory, 'job'),
    workspace: workspace.directory,
    nodePath: process.execPath,
    github: { repository: 'octo-org/hello', sha: workspace.commit, run_id: '1' },
    event: { repository: { private: true } },
    environment: {
      ...{ PATH, HOME, ...(DOCKER_HOST !== undefined && { DOCKER_HOST }) },
      ...{ ...stage.environment, ...step.environment },
    },
  })
  const run = await job.runAction({ actionDirectory: action, inputs: step.inputs })
  await job.runPost(run)
  return run
}

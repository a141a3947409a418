// What the action adds to `docker buildx build`: the wall time of a whole step that builds and pushes
// two platforms, and that of the very same arguments alone, in turns, on one warm builder. Both have
// logged in anew: BuildKit keeps the login of every build for ten minutes and asks a build with another
// password about each of them (moby/buildkit util/resolver/authorizer.go), as it must for ECR, where no
// password is given twice. With a password of its own for all its runs, the bare build would be spared.
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

import type { Site } from '../scripts/ci/real/site.ts'
import type { ActionRun } from '../simulator/github/runner/action-run.ts'
import { onBuildSite } from './build-site.ts'
import { ecrHost, type Stage } from '../scripts/demo/stage.ts'
import { DockerRecorder } from './docker-recorder.ts'
import { median, report } from './figures.ts'

const pairs = 8
const repository = 'bench/overhead'
const builder = 'bench'
const targetShare = 0.05
const targetMs = 1_000

const execute = promisify(execFile)

process.exitCode = await onBuildSite('bench/build-overhead.ts', measure)

async function measure(site: Site, endpoint: string): Promise<void> {
  const { stage } = site
  site.createRepository(repository, 'MUTABLE')
  const recorder = new DockerRecorder(join(stage.directory, 'recorder'))
  process.env['PATH'] = `${recorder.directory}:${process.env['PATH'] ?? ''}`
  await execute('docker', ['buildx', 'create', `--name=${builder}`, '--driver=remote', endpoint])
  const actionMs: number[] = []
  const aloneMs: number[] = []
  let stagesTold = 0
  try {
    // The first of each finds nothing in memory yet.
    await byAction(site)
    await byBuildx(site, recorder.lastBuild())
    for (let pair = 0; pair < pairs; pair += 1) {
      const turns = [
        async () => {
          const { durationMs, log } = await byAction(site)
          actionMs.push(durationMs)
          if (log.some((line) => line.startsWith('builder stage '))) stagesTold += 1
        },
        async () => {
          aloneMs.push(await byBuildx(site, recorder.lastBuild()))
        },
      ]
      // Who comes second finds one login more: each is so every other time.
      for (const turn of pair % 2 === 0 ? turns : turns.toReversed()) await turn()
    }
  } finally {
    await execute('docker', ['buildx', 'rm', builder])
  }
  tell(actionMs, aloneMs)
  process.stdout.write(`the builder stage was measured in ${stagesTold} of ${pairs} runs\n`)
}

/** A build whose every step is done: nothing comes from the builder's cache, as for the bare one. */
async function byAction(site: Site): Promise<ActionRun> {
  const more = { builder, 'no-cache': 'true', 'skip-existing': 'false' }
  site.nextCommit()
  const { main, post } = await site.run({ inputs: site.inputs(repository, more) })
  await post()
  if (main.outputs['outcome'] === 'pushed') return main
  throw new Error(`the action ended otherwise:\n${main.log.slice(-20).join('\n')}`)
}

async function byBuildx(site: Site, argv: readonly string[]): Promise<number> {
  const { stage, workspace } = site
  // The action's own folder for it is gone.
  const metadata = argv.find((argument) => argument.startsWith('--metadata-file='))
  mkdirSync(dirname(metadata?.replace('--metadata-file=', '') ?? ''), { recursive: true })
  const home = process.env['HOME'] ?? '/root'
  const env = {
    ...process.env,
    DOCKER_CONFIG: freshLogin(stage),
    BUILDX_CONFIG: join(home, '.docker', 'buildx'),
  }
  const startMs = performance.now()
  await execute('docker', argv, { cwd: workspace.directory, env })
  return performance.now() - startMs
}

/** A configuration of docker with a password that was never used. @returns its folder. */
function freshLogin(stage: Stage): string {
  const folder = mkdtempSync(join(stage.directory, 'login-'))
  const { username, password } = stage.credentials()
  const auth = Buffer.from(`${username}:${password}`).toString('base64')
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths: { [ecrHost]: { auth } } }))
  return folder
}

function tell(actionMs: readonly number[], aloneMs: readonly number[]): void {
  const difference = median(actionMs) - median(aloneMs)
  const target = median(aloneMs) * targetShare + targetMs
  process.stdout.write(
    [
      `two platforms built and pushed, ${pairs} runs each, in turns; milliseconds`,
      report('the action, main from start to end', actionMs),
      report('docker buildx build alone', aloneMs),
      `difference of the medians ${difference.toFixed(0)}, target ${target.toFixed(0)} (5 % and 1 s): ${difference <= target ? 'met' : 'MISSED'}`,
      '',
    ].join('\n'),
  )
}

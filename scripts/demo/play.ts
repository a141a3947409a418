import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

import { askAll, AvailabilityWatch, isSteady, readImage, tryPlatform } from './outside.ts'
import { Runner, type Performance } from './performance.ts'
import type { Screen } from './screen.ts'
import type { Stage } from './stage.ts'
import { Workspace } from './workspace.ts'

/** The action may add this much to the build and the rollout. */
const overheadTargetSeconds = 3

/** The demo's scenes, in order, on one stage. */
export class Play {
  readonly #stage: Stage
  readonly #screen: Screen
  readonly #workspace: Workspace
  readonly #runner: Runner

  constructor(stage: Stage, screen: Screen) {
    this.#stage = stage
    this.#screen = screen
    const directory = join(stage.directory, 'workspace')
    mkdirSync(directory)
    this.#workspace = new Workspace(directory)
    this.#runner = new Runner(stage, this.#workspace, screen)
  }

  async perform(): Promise<void> {
    const first = this.#workspace.commit
    await this.#settle()
    const released = await this.#firstRelease(first)
    await this.#sameCommitAgain(released)
    await this.#newCommit()
    await this.#brokenCommit()
    await this.#redeploy(first)
  }

  /** The service that infrastructure code made runs its placeholder before anybody releases. */
  async #settle(): Promise<void> {
    this.#screen.progress('the service starts its placeholder')
    while (!(await isSteady(this.#stage))) {
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  }

  async #firstRelease(commit: string): Promise<Performance> {
    const screen = this.#screen
    screen.chapter('1 · The first release: a push to main')
    screen.prose('Build for two CPUs, push to ECR, read back, register, update, follow, prove.\n')
    const performance = await this.#runner.release()
    this.#show(performance)
    this.#expect(performance, 'deployed')
    await this.#checkImage(performance)
    await this.#checkService('1.0.0', commit)
    const image = performance.run.outputs['image'] ?? ''
    const dockerConfig = join(this.#stage.directory, 'task-execution-role')
    for (const platform of ['linux/amd64', 'linux/arm64']) {
      const answer = await tryPlatform(image, platform, dockerConfig)
      const cpu = platform === 'linux/amd64' ? 'x86_64' : 'aarch64'
      screen.check(answer.architecture === cpu, `the ${platform} image serves HTTP`, cpu)
    }
    this.#checkOverhead(performance)
    this.#checkBuilderStage(performance)
    return performance
  }

  async #sameCommitAgain(released: Performance): Promise<void> {
    const screen = this.#screen
    screen.chapter('2 · The same commit again: a re-run')
    screen.prose('Nothing is built, registered or updated, and the proof is made anew.\n')
    const performance = await this.#runner.release()
    this.#show(performance)
    this.#expect(performance, 'unchanged')
    const digest = performance.run.outputs['digest'] ?? ''
    screen.check(digest === released.run.outputs['digest'], 'the digest is the same', digest)
    screen.check(performance.buildSeconds === 0, 'nothing was built')
    const { taskDefinitionRevisions } = await this.#revisions()
    screen.check(taskDefinitionRevisions === 2, 'no task definition was registered again')
  }

  async #newCommit(): Promise<void> {
    const screen = this.#screen
    screen.chapter('3 · A new commit: a rolling update')
    screen.prose('The old tasks stop only after the new ones are healthy.\n')
    const commit = this.#workspace.release('1.1.0')
    const watch = new AvailabilityWatch(this.#stage)
    const performance = await this.#runner.release()
    const { samples, gaps } = await watch.end()
    this.#show(performance)
    this.#expect(performance, 'deployed')
    await this.#checkImage(performance)
    await this.#checkService('1.1.0', commit)
    screen.check(gaps === 0, 'the service answered all the time', `${String(samples)} looks`)
    this.#checkOverhead(performance)
  }

  async #brokenCommit(): Promise<void> {
    const screen = this.#screen
    screen.chapter('4 · A broken commit: the container ends at once')
    screen.prose('The circuit breaker of the service rolls back; the step is red and says why.\n')
    const commit = this.#workspace.breakConfiguration()
    const watch = new AvailabilityWatch(this.#stage)
    const performance = await this.#runner.release()
    const { samples, gaps } = await watch.end()
    this.#show(performance)
    this.#expect(performance, 'rolled-back')
    const { run } = performance
    const last = 'port must be a number'
    screen.check(
      run.log.some((line) => line.includes(last)) && run.summary.includes('eighty'),
      "the container's own last line is in the log and in the summary",
    )
    screen.check(run.annotations.length > 0, 'an annotation names the cause')
    const answers = await askAll(this.#stage)
    const kept = answers.length > 0 && answers.every((answer) => answer.version === '1.1.0')
    screen.check(kept, 'the service runs 1.1.0 as before', `not ${commit.slice(0, 7)}`)
    screen.check(gaps === 0, 'the service answered all the time', `${String(samples)} looks`)
  }

  async #redeploy(commit: string): Promise<void> {
    const screen = this.#screen
    screen.chapter('5 · By hand: the first release again, by its commit')
    screen.prose('workflow_dispatch with `mode: deploy`; nothing is built.\n')
    const performance = await this.#runner.redeploy(commit)
    this.#show(performance)
    this.#expect(performance, 'deployed')
    screen.check(performance.buildSeconds === 0, 'nothing was built')
    await this.#checkService('1.0.0', commit)
  }

  #show({ run, wallSeconds, timings }: Performance): void {
    const screen = this.#screen
    screen.prose('\n   The job summary:\n')
    screen.prose(
      decodeEntities(run.summary)
        .split('\n')
        .map((line) => `   ${line}`)
        .join('\n'),
    )
    const phases = Object.entries(timings).map(([phase, seconds]) => [phase, seconds] as const)
    const rows = [...phases, ['whole step', wallSeconds] as const]
    screen.block(
      rows
        .map(([name, seconds]) => `${name.padEnd(14)}${seconds.toFixed(2).padStart(8)} s`)
        .join('\n'),
    )
  }

  #expect({ run, post }: Performance, outcome: string): void {
    const { outputs, exitCode } = run
    const screen = this.#screen
    screen.check(outputs['outcome'] === outcome, `the outcome is ${outcome}`, outputs['outcome'])
    const red = outcome === 'rolled-back'
    screen.check(exitCode === (red ? 1 : 0), `the step is ${red ? 'red' : 'green'}`)
    if (!red) screen.check(outputs['verified'] === 'true', 'the running digests were proven')
    screen.check(post?.exitCode === 0, 'the post step cleaned up')
    if (outputs['outcome'] !== outcome) screen.block(run.log.slice(-40).join('\n'))
  }

  async #checkImage({ run }: Performance): Promise<void> {
    const { image = '', digest = '' } = run.outputs
    const found = await readImage(this.#stage, image)
    const screen = this.#screen
    screen.check(found.digest === digest, 'skopeo finds the digest that was told', digest)
    const platforms = found.platforms.toSorted((a, b) => a.localeCompare(b)).join(' and ')
    screen.check(platforms === 'linux/amd64 and linux/arm64', 'and both platforms', platforms)
  }

  async #checkService(version: string, commit: string): Promise<void> {
    const answers = await askAll(this.#stage)
    const right = answers.filter((answer) => answer.version === version && answer.commit === commit)
    this.#screen.check(
      answers.length === 2 && right.length === 2,
      `both running containers answer version ${version} over HTTP`,
      answers.map((answer) => `${answer.version} ${answer.commit.slice(0, 7)}`).join(', '),
    )
  }

  #checkOverhead({ wallSeconds, buildSeconds, timings }: Performance): void {
    const rollout = timings['rollout'] ?? 0
    const overhead = wallSeconds - buildSeconds - rollout
    this.#screen.check(
      overhead < overheadTargetSeconds,
      `the action adds less than ${String(overheadTargetSeconds)} s to build and rollout`,
      `${wallSeconds.toFixed(2)} s whole − ${buildSeconds.toFixed(2)} s buildx − ${rollout.toFixed(2)} s rollout = ${overhead.toFixed(2)} s`,
    )
  }

  /** It is exported beside the rollout, into a folder that goes with the run. */
  #checkBuilderStage({ run }: Performance): void {
    const told = run.log.find((line) => line.includes('builder stage "builder"'))
    const measured = told !== undefined && !told.includes('was not measured')
    this.#screen.check(measured, 'the stage that is not shipped was measured', told)
    const left = readdirSync(this.#stage.directory, { recursive: true, encoding: 'utf8' })
    const layouts = left.filter((path) => path.endsWith('builder-stage'))
    this.#screen.check(layouts.length === 0, 'and nothing is left of it', layouts.join(', '))
  }

  async #revisions(): Promise<{ readonly taskDefinitionRevisions: number }> {
    const answer = (await this.#stage.call('ListTaskDefinitions', { familyPrefix: 'hello' })) as {
      readonly taskDefinitionArns: readonly string[]
    }
    return { taskDefinitionRevisions: answer.taskDefinitionArns.length }
  }
}

/** The summary as GitHub shows it, as far as characters go. */
function decodeEntities(markdown: string): string {
  return markdown
    .replaceAll(/&#(\d+);/g, (_entity, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('<br>', '; ')
    .replaceAll(/<\/?(code|details|summary)>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

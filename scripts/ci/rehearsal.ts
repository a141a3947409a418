import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import { askAll, isSteady, readImage } from '../demo/outside.ts'
import type { Screen } from '../demo/screen.ts'
import { ecrHost, repository, type Stage } from '../demo/stage.ts'
import { Workspace } from '../demo/workspace.ts'
import type { JobRun } from './act-log.ts'
import { ActRunner, type Trigger, type WorkflowRun } from './act-runner.ts'
import { exampleNames, readExample, type ExampleWorkflow } from './example-workflow.ts'

const clusters = ['staging', 'production'] as const
type Cluster = (typeof clusters)[number]

/** The ways the action is used, played one after the other in one repository and account. */
export class Rehearsal {
  readonly #stage: Stage
  readonly #screen: Screen
  readonly #workspace: Workspace
  readonly #program: string
  readonly #act: ActRunner
  readonly #examples: ReadonlyMap<string, ExampleWorkflow>

  constructor(stage: Stage, screen: Screen, act: string) {
    this.#stage = stage
    this.#screen = screen
    const directory = join(stage.directory, 'workspace')
    mkdirSync(directory)
    this.#workspace = new Workspace(directory)
    this.#program = act
    this.#act = new ActRunner(act, stage, directory)
    const endpoint = process.env['WORLD_BUILDKIT'] ?? ''
    this.#examples = new Map(
      exampleNames().map((name) => [name, readExample(name, { endpoint, base: stage.base })]),
    )
  }

  async perform(): Promise<void> {
    const texts = [...this.#examples].map(([name, { text }]) => [name, text] as const)
    const first = this.#workspace.add('.github/workflows', Object.fromEntries(texts))
    this.#tellDifferences()
    for (const cluster of clusters) await this.#settle(cluster)
    await this.#pushToMain(first)
    await this.#releaseByTag()
    await this.#redeployByHand(first)
    await this.#buildByLegs()
    await this.#shipCompose()
  }

  /** What is not as on GitHub; everything else is the committed file and the committed bundle. */
  #tellDifferences(): void {
    const screen = this.#screen
    screen.progress(
      'steadyship/steadyship@v0 is the committed action.yml and dist/ of this checkout',
    )
    screen.progress('steps that build get driver: remote, endpoint and the build argument BASE')
    screen.progress('docker/setup-qemu-action does nothing here: this machine emulates already')
    screen.progress('act evaluates no branch and tag filters, environments and concurrency')
    screen.progress(
      'legs of a matrix are jobs: act keeps the outputs of one leg only. Both are built by',
    )
    screen.progress(
      "this machine's BuildKit; two builders are what scripts/ci/real/leg-scene.ts is for",
    )
  }

  async #settle(cluster: Cluster, service = 'hello'): Promise<void> {
    this.#screen.progress(`the service ${service} in ${cluster} starts its placeholder`)
    while (!(await isSteady(this.#stage, cluster, service))) {
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  }

  async #pushToMain(commit: string): Promise<void> {
    this.#screen.chapter('push-to-main.yml · a push to main')
    const trigger = { event: 'push', ref: 'refs/heads/main', commit } as const
    const job = this.#job(await this.#run('push-to-main.yml', trigger), 'ship')
    if (job === undefined) return
    this.#expectDeployed(job)
    await this.#checkTag(`sha-${commit}`, job)
    await this.#checkCluster('staging', '1.0.0', commit, job)
  }

  async #releaseByTag(): Promise<void> {
    const screen = this.#screen
    screen.chapter('release.yml · the tag v1.2.3')
    const commit = this.#workspace.release('1.2.3')
    this.#workspace.tag('v1.2.3')
    const trigger = { event: 'push', ref: 'refs/tags/v1.2.3', commit } as const
    const run = await this.#run('release.yml', trigger)
    const staging = this.#job(run, 'staging')
    if (staging === undefined) return
    this.#expectDeployed(staging)
    await this.#checkTag(`sha-${commit}`, staging)
    await this.#checkTag('1.2.3', staging)
    await this.#checkCluster('staging', '1.2.3', commit, staging)
    const production = this.#job(run, 'production')
    if (production === undefined) return
    this.#expectDeployed(production)
    const { digest = 'none' } = staging.outputs
    const same = production.outputs['digest'] === digest
    screen.check(same, 'production got the digest that staging proved', digest)
    await this.#checkCluster('production', '1.2.3', commit, staging)
  }

  async #redeployByHand(first: string): Promise<void> {
    this.#screen.chapter('redeploy.yml · workflow_dispatch, by commit and by version')
    const { commit } = this.#workspace
    const asks = [
      { cluster: 'production', image: first.slice(0, 12), version: '1.0.0', shipped: first },
      { cluster: 'production', image: '1.2.3', version: '1.2.3', shipped: commit },
    ] as const
    for (const { cluster, image, version, shipped } of asks) {
      const inputs = { image, cluster }
      const trigger = {
        event: 'workflow_dispatch',
        ref: 'refs/heads/main',
        commit,
        inputs,
      } as const
      const job = this.#job(await this.#run('redeploy.yml', trigger), 'redeploy')
      if (job === undefined) return
      this.#expectDeployed(job)
      await this.#checkCluster(cluster, version, shipped, job)
    }
  }

  /** Each leg tells its digest by an expression of the workflow; the merge gets both. */
  async #buildByLegs(): Promise<void> {
    const screen = this.#screen
    screen.chapter('native-runners.yml · workflow_dispatch, a leg for each platform')
    const commit = this.#workspace.release('1.3.0')
    const trigger = { event: 'workflow_dispatch', ref: 'refs/heads/main', commit } as const
    const run = await this.#run('native-runners.yml', trigger)
    const legs = ['build-1', 'build-2'].flatMap((id) => this.#job(run, id) ?? [])
    const ship = this.#job(run, 'ship')
    if (legs.length < 2 || ship === undefined) return
    this.#expectDeployed(ship)
    const digests = legs.map(({ outputs }) => outputs['digest'] ?? 'none')
    screen.check(new Set(digests).size === 2, 'each leg tells a digest', digests.join(' '))
    await this.#checkTag(`sha-${commit}`, ship)
    const reference = `${this.#stage.registryHost}/${repository}@${ship.outputs['digest'] ?? ''}`
    const { platforms } = await readImage(this.#stage, reference)
    const both = platforms.toSorted().join(' ')
    screen.check(both === 'linux/amd64 linux/arm64', 'the merged image has both platforms', both)
    await this.#checkCluster('staging', '1.3.0', commit, ship)
  }

  async #shipCompose(): Promise<void> {
    const [stage, screen] = [this.#stage, this.#screen]
    screen.chapter('compose.yml · a push to main')
    if (stage.registryHost !== ecrHost) {
      screen.progress(
        'not played: compose.yaml names ECR, which has its true name in a private world',
      )
      return
    }
    await stage.createShop('staging')
    const directory = join(stage.directory, 'shop')
    mkdirSync(directory)
    const workspace = new Workspace(directory, 'compose')
    const text = this.#examples.get('compose.yml')?.text ?? ''
    const commit = workspace.add('.github/workflows', { 'compose.yml': text })
    await this.#settle('staging', 'shop')
    const trigger = { event: 'push', ref: 'refs/heads/main', commit } as const
    const act = new ActRunner(this.#program, stage, directory)
    const job = this.#job(await this.#run('compose.yml', trigger, act), 'ship')
    if (job === undefined) return
    this.#expectDeployed(job)
    for (const name of ['web', 'worker']) {
      const { digest } = await readImage(stage, `${ecrHost}/sample/${name}:${commit}`)
      const told = job.outputs['images']?.includes(digest) === true
      screen.check(told, `skopeo finds ${name} as told`, digest)
    }
    const [answer] = await askAll(stage, 'staging', 'shop')
    screen.check(answer?.version === commit, 'web answers the version over HTTP', answer?.version)
  }

  async #run(name: string, trigger: Trigger, act = this.#act): Promise<WorkflowRun> {
    const uses = this.#examples.get(name)?.uses ?? []
    const run = await act.run(name, uses, trigger)
    this.#screen.check(run.exitCode === 0, `act ran ${name}`, `exit code ${run.exitCode}`)
    if (run.exitCode !== 0) {
      const said = [...run.jobs.values()].flatMap(({ lines }) => lines.slice(-60))
      this.#screen.block([...said, run.complaint].join('\n'))
    }
    return run
  }

  /** The job, if it succeeded: what a failed one left is not looked at. */
  #job(run: WorkflowRun, id: string): JobRun | undefined {
    const job = run.jobs.get(id)
    const succeeded = job?.succeeded === true
    this.#screen.check(succeeded, `the job ${id} succeeded`)
    return succeeded ? job : undefined
  }

  #expectDeployed({ outputs, succeededSteps }: JobRun): void {
    const { outcome = 'none', verified = 'none' } = outputs
    const screen = this.#screen
    screen.check(outcome === 'deployed' && verified === 'true', 'deployed and verified', outcome)
    const post = succeededSteps.some((step) => step.startsWith('Post steadyship/steadyship@'))
    screen.check(post, 'the post step cleaned up')
  }

  async #checkTag(tag: string, { outputs }: JobRun): Promise<void> {
    const found = await readImage(this.#stage, `${this.#stage.registryHost}/${repository}:${tag}`)
    const told = outputs['digest']
    this.#screen.check(found.digest === told, `skopeo finds the image under the tag ${tag}`, told)
  }

  async #checkCluster(
    cluster: Cluster,
    version: string,
    commit: string,
    { outputs }: JobRun,
  ): Promise<void> {
    const image = await this.#imageOfService(cluster)
    const pinned = image.endsWith(`@${outputs['digest'] ?? 'none'}`)
    this.#screen.check(pinned, `the revision of ${cluster} is pinned to that digest`, image)
    const answers = await askAll(this.#stage, cluster)
    const right = answers.filter((answer) => answer.version === version && answer.commit === commit)
    this.#screen.check(
      answers.length === 2 && right.length === 2,
      `both containers of ${cluster} answer version ${version} over HTTP`,
      answers.map((answer) => `${answer.version} ${answer.commit.slice(0, 7)}`).join(', '),
    )
  }

  async #imageOfService(cluster: Cluster): Promise<string> {
    const { services } = (await this.#stage.call('DescribeServices', {
      cluster,
      services: ['hello'],
    })) as { readonly services: readonly { readonly taskDefinition: string }[] }
    const { taskDefinition } = (await this.#stage.call('DescribeTaskDefinition', {
      taskDefinition: services[0]?.taskDefinition,
    })) as {
      readonly taskDefinition: { readonly containerDefinitions: readonly { image: string }[] }
    }
    return taskDefinition.containerDefinitions[0]?.image ?? ''
  }
}

import { stringMember } from '../../wire/members.ts'
import type { JsonObject } from '../../wire/service.ts'
import { containerDefinitions } from '../model/task-definition.ts'

import type { DockerCli } from './docker-cli.ts'
import { readInspection, type Inspection } from './docker-inspection.ts'
import { containerNameOf, dockerRun } from './docker-run-arguments.ts'
import { pullFailure, startFailure } from './start-failure.ts'
import type { TaskHandle, TaskObserver, TaskSpec } from './task-driver.ts'

/** The containers of one task, from pull to removal. */
export class ContainerTask implements TaskHandle {
  /** Settles when the task has ended and its containers are removed; never rejects. */
  readonly finished: Promise<void>
  readonly #cli: DockerCli
  readonly #spec: TaskSpec
  readonly #observer: TaskObserver
  readonly #network: string
  readonly #running = new Set<string>()
  #graceMs: number | undefined

  constructor(cli: DockerCli, spec: TaskSpec, observer: TaskObserver, network: string) {
    this.#cli = cli
    this.#spec = spec
    this.#observer = observer
    this.#network = network
    this.finished = this.#live().catch((error: unknown) => {
      observer.failedToStart(`CannotStartContainerError: ${String(error)}`)
    })
  }

  stop(graceMs: number): void {
    this.#graceMs = graceMs
    for (const id of this.#running) this.#stopContainer(id, graceMs)
  }

  /** Removes the task's containers at once, running or not. */
  async remove(): Promise<void> {
    this.#graceMs = 0
    const names = containerDefinitions(this.#spec.definition).map((container) =>
      containerNameOf(this.#spec, stringMember(container, 'name') ?? ''),
    )
    await this.#cli.run(['rm', '--force', '--volumes', ...names])
  }

  async #live(): Promise<void> {
    // The engine must have the handle before the first report.
    await Promise.resolve()
    if (!(await this.#pull())) return
    const lives: Promise<void>[] = []
    for (const container of containerDefinitions(this.#spec.definition)) {
      if (this.#graceMs !== undefined) break
      const life = await this.#startContainer(container, lives.length === 0)
      if (life === undefined) break
      lives.push(life())
    }
    await Promise.all(lives)
    await this.remove()
  }

  /** False when an image cannot be pulled. */
  async #pull(): Promise<boolean> {
    const { images, platform } = this.#spec
    this.#observer.pullStarted()
    for (const image of new Set(images.values())) {
      const argv = ['pull', '--quiet', `--platform=${platform}`, '--', image]
      const { exitCode, stderr } = await this.#cli.run(argv)
      if (exitCode === 0) continue
      this.#observer.failedToStart(pullFailure(stderr, image, platform))
      return false
    }
    this.#observer.pullStopped()
    return true
  }

  /** The rest of the container's life, to be awaited; undefined when it could not be started. */
  async #startContainer(
    container: JsonObject,
    first: boolean,
  ): Promise<(() => Promise<void>) | undefined> {
    const name = stringMember(container, 'name') ?? ''
    const { argv, environment } = dockerRun(this.#spec, container, this.#networkFor(first))
    const { exitCode, stdout, stderr } = await this.#cli.run(argv, environment)
    if (exitCode !== 0) {
      this.#observer.failedToStart(startFailure(stderr))
      return undefined
    }
    const id = stdout.trim()
    this.#running.add(id)
    const inspection = await this.#inspect(id)
    const address = inspection?.address
    this.#observer.containerStarted(name, {
      runtimeId: id,
      ...(address !== undefined && { privateIPv4Address: address }),
    })
    if (this.#graceMs !== undefined) this.#stopContainer(id, this.#graceMs)
    return () => this.#watch(name, id, inspection)
  }

  /** With awsvpc the containers of a task share one address, the first one's. */
  #networkFor(first: boolean): string {
    const awsvpc = stringMember(this.#spec.definition, 'networkMode') === 'awsvpc'
    const [owner] = containerDefinitions(this.#spec.definition)
    if (!awsvpc || first || owner === undefined) return this.#network
    return `container:${containerNameOf(this.#spec, stringMember(owner, 'name') ?? '')}`
  }

  async #watch(name: string, id: string, inspection: Inspection | undefined): Promise<void> {
    const log = this.#cli.follow(['logs', '--follow', id], (line) => {
      this.#observer.logLine(name, line)
    })
    const since = inspection?.startedAt ?? ''
    const health = this.#cli.follow(healthEvents(id, since), (line) => {
      const status = readHealthEvent(line)
      if (status !== undefined) this.#observer.containerHealth(name, status)
    })
    const waited = await this.#cli.run(['wait', id])
    await log.ended
    this.#running.delete(id)
    const exitCode = Number.parseInt(waited.stdout, 10)
    const outOfMemory = (await this.#inspect(id))?.outOfMemory === true
    const reason = outOfMemory ? outOfMemoryText : undefined
    this.#observer.containerExited(name, Number.isNaN(exitCode) ? 137 : exitCode, reason)
    health.end()
    await health.ended
  }

  async #inspect(id: string): Promise<Inspection | undefined> {
    const { stdout } = await this.#cli.run(['inspect', '--format={{json .}}', id])
    return readInspection(stdout)
  }

  #stopContainer(id: string, graceMs: number): void {
    const seconds = Math.ceil(graceMs / 1000)
    // `docker wait` tells the end; a stop that fails means it has ended already.
    void this.#cli.run(['stop', '-t', String(seconds), id])
  }
}

const outOfMemoryText = 'OutOfMemoryError: Container killed due to memory usage'

/** Follows what happens to a container, from its start on. */
function healthEvents(id: string, since: string): string[] {
  const filters = ['--filter=type=container', `--filter=container=${id}`]
  return ['events', `--since=${since}`, ...filters, '--format={{.Action}}']
}

function readHealthEvent(line: string): 'HEALTHY' | 'UNHEALTHY' | undefined {
  if (line.includes('health_status: healthy')) return 'HEALTHY'
  return line.includes('health_status: unhealthy') ? 'UNHEALTHY' : undefined
}

import { DockerCli } from './docker-cli.ts'
import { ContainerTask } from './container-task.ts'
import type { TaskDriver, TaskHandle, TaskObserver, TaskSpec } from './task-driver.ts'

export interface ContainerDriverOptions {
  /** All that `docker` sees: PATH, HOME, DOCKER_HOST, DOCKER_CONFIG. */
  readonly environment: NodeJS.ProcessEnv
  /** The engine's network that tasks join; `bridge` when nothing is said. */
  readonly network?: string
  /** The program's name or path; `docker` when nothing is said. */
  readonly program?: string
}

/**
 * Runs tasks as real containers of a Docker engine: their health checks, exit codes, log lines
 * and addresses are the engine's own.
 */
export class ContainerDriver implements TaskDriver {
  readonly #cli: DockerCli
  readonly #network: string
  readonly #tasks = new Set<ContainerTask>()

  constructor({ environment, network = 'bridge', program = 'docker' }: ContainerDriverOptions) {
    this.#cli = new DockerCli(program, environment)
    this.#network = network
  }

  start(spec: TaskSpec, observer: TaskObserver): TaskHandle {
    const task = new ContainerTask(this.#cli, spec, observer, this.#network)
    this.#tasks.add(task)
    void task.finished.then(() => this.#tasks.delete(task))
    return task
  }

  /** Removes every container that is left and waits until that is done. */
  async close(): Promise<void> {
    const tasks = [...this.#tasks]
    await Promise.all(tasks.map((task) => task.remove()))
    this.#cli.killAll()
    await Promise.all(tasks.map((task) => task.finished))
  }
}

import type { Clock } from '../../clock/clock.ts'
import { numberMember } from '../../wire/members.ts'
import type {
  ContainerFacts,
  TaskDriver,
  TaskHandle,
  TaskObserver,
  TaskSpec,
} from '../drivers/task-driver.ts'
import type { StopCode, Task, TaskContainer } from '../model/task.ts'
import type { Pace } from '../pace.ts'

/** ECS's default for a container's `stopTimeout`. */
const stopTimeoutSeconds = 30

export interface TaskRunParts {
  readonly clock: Clock
  readonly driver: TaskDriver
  readonly pace: Pace
  /** Called after every change to the task. */
  readonly changed: () => void
}

export interface Stop {
  readonly code: StopCode
  readonly reason: string
  /** How long a load balancer lets the task finish its requests; 0 without one. */
  readonly drainMs: number
}

/** One task from PROVISIONING to STOPPED, as its driver reports it. */
export class TaskRun implements TaskObserver {
  readonly task: Task
  /** The scheduler saw it healthy. */
  wasHealthy = false
  /** The scheduler told of its registration with the target group. */
  registered = false
  /** The task that it will replace when it is healthy: it moves between Availability Zones. */
  replaces: TaskRun | undefined
  /** The scheduler took its end into account. */
  accounted = false
  readonly #parts: TaskRunParts
  #handle: TaskHandle | undefined

  constructor(task: Task, parts: TaskRunParts) {
    this.task = task
    this.#parts = parts
  }

  /** Starts the task; with `pullFailure` it fails with that text instead. */
  launch(spec: TaskSpec, pullFailure?: string): void {
    const { clock, driver, pace } = this.#parts
    if (pullFailure === undefined) {
      this.#handle = driver.start(spec, this)
      return
    }
    clock.schedule(0, () => this.pullStarted())
    clock.schedule(pace.pullRetriesMs, () => this.failedToStart(pullFailure))
  }

  /** Takes the task out: it drains when it has a target, then its containers are stopped. */
  stop({ code, reason, drainMs }: Stop): void {
    const { task } = this
    if (!this.#end(code, reason)) return
    if (drainMs > 0 && task.lastStatus === 'RUNNING') {
      task.lastStatus = 'DEACTIVATING'
      task.target = 'draining'
      this.#parts.clock.schedule(drainMs, () => this.#endContainers())
    } else {
      this.#endContainers()
    }
    this.#changed()
  }

  pullStarted(): void {
    if (this.task.lastStatus !== 'PROVISIONING') return
    this.task.lastStatus = 'PENDING'
    this.task.pullStartedAtMs = this.#parts.clock.now()
    this.#changed()
  }

  pullStopped(): void {
    if (this.task.lastStatus !== 'PENDING') return
    this.task.pullStoppedAtMs = this.#parts.clock.now()
    this.#changed()
  }

  containerStarted(name: string, facts: ContainerFacts): void {
    const container = this.#container(name)
    if (container?.lastStatus !== 'PENDING') return
    container.lastStatus = 'RUNNING'
    container.runtimeId = facts.runtimeId
    if (facts.privateIPv4Address !== undefined) {
      this.task.privateIPv4Address = facts.privateIPv4Address
    }
    if (this.task.containers.every(({ lastStatus }) => lastStatus !== 'PENDING')) this.#running()
    this.#changed()
  }

  containerHealth(name: string, status: 'HEALTHY' | 'UNHEALTHY'): void {
    const container = this.#container(name)
    if (container?.lastStatus !== 'RUNNING') return
    container.healthStatus = status
    this.#changed()
  }

  containerExited(name: string, exitCode: number, reason?: string): void {
    const container = this.#container(name)
    if (container === undefined || container.lastStatus === 'STOPPED') return
    container.lastStatus = 'STOPPED'
    container.exitCode = exitCode
    if (reason !== undefined) container.reason = reason
    if (container.essential && this.#end('EssentialContainerExited', essentialExit)) {
      this.#endContainers()
    } else {
      this.#finishWhenIdle()
    }
    this.#changed()
  }

  failedToStart(stoppedReason: string): void {
    if (!this.#end('TaskFailedToStart', stoppedReason)) return
    const container = this.task.containers.find(({ lastStatus }) => lastStatus === 'PENDING')
    if (container !== undefined) container.reason = stoppedReason
    this.#endContainers()
    this.#changed()
  }

  targetHealth(healthy: boolean, reason?: string): void {
    const { task } = this
    if (task.desiredStatus === 'STOPPED' || task.target === 'unused') return
    task.target = healthy ? 'healthy' : 'unhealthy'
    if (reason !== undefined) task.targetReason = reason
    this.#changed()
  }

  logLine(name: string, line: string): void {
    this.task.containers.find((container) => container.name === name)?.log.push(line)
  }

  #container(name: string): TaskContainer | undefined {
    if (this.task.lastStatus === 'STOPPED') return undefined
    return this.task.containers.find((container) => container.name === name)
  }

  #running(): void {
    const { task } = this
    const { clock, pace } = this.#parts
    if (task.desiredStatus === 'STOPPED') return
    task.lastStatus = 'RUNNING'
    task.startedAtMs = clock.now()
    clock.schedule(pace.settledAfterMs, () => this.#changed())
    if (task.target === 'unused') return
    clock.schedule(pace.targetHealthyAfterMs, () => {
      if (task.target === 'initial') this.targetHealth(true)
    })
  }

  /** False when the task was told to stop before: the first reason stands. */
  #end(code: StopCode, reason: string): boolean {
    const { task } = this
    if (task.desiredStatus === 'STOPPED') return false
    task.desiredStatus = 'STOPPED'
    task.stopCode = code
    task.stoppedReason = reason
    task.stoppingAtMs = this.#parts.clock.now()
    return true
  }

  #endContainers(): void {
    const { task } = this
    if (task.lastStatus === 'STOPPED') return
    task.lastStatus = 'STOPPING'
    const seconds = task.containers.map(
      ({ definition }) => numberMember(definition, 'stopTimeout') ?? stopTimeoutSeconds,
    )
    this.#handle?.stop(Math.max(...seconds) * 1000)
    this.#finishWhenIdle()
    this.#changed()
  }

  #finishWhenIdle(): void {
    const { task } = this
    const idle = task.containers.every(({ lastStatus }) => lastStatus !== 'RUNNING')
    if (!idle || task.desiredStatus === 'RUNNING') return
    const now = this.#parts.clock.now()
    for (const container of task.containers) container.lastStatus = 'STOPPED'
    task.lastStatus = 'STOPPED'
    task.executionStoppedAtMs = now
    task.stoppedAtMs = now
  }

  #changed(): void {
    this.task.version += 1
    this.#parts.changed()
  }
}

const essentialExit = 'Essential container in task exited'

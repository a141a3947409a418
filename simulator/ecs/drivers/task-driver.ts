import type { JsonObject } from '../../wire/service.ts'

/** What a driver needs to know to run one task. */
export interface TaskSpec {
  readonly taskArn: string
  readonly taskId: string
  readonly cluster: string
  /** `service:<name>`, `family:<family>` or what RunTask was told. */
  readonly group: string
  readonly startedBy?: string
  readonly family: string
  readonly revision: number
  /** The task definition as the wire carries it. */
  readonly definition: JsonObject
  /** RunTask's overrides as the wire carries them; empty for a service's task. */
  readonly overrides: JsonObject
  /** What each container runs, by container name: `repository@sha256:…` where it is known. */
  readonly images: ReadonlyMap<string, string>
  readonly platform: 'linux/amd64' | 'linux/arm64'
}

/** What a driver tells the engine. Calls after the task has stopped are ignored. */
export interface TaskObserver {
  pullStarted(): void
  pullStopped(): void
  containerStarted(name: string, facts: ContainerFacts): void
  containerHealth(name: string, status: 'HEALTHY' | 'UNHEALTHY'): void
  /** `reason` is the container's own: `OutOfMemoryError: …`, `CannotStartContainerError: …`. */
  containerExited(name: string, exitCode: number, reason?: string): void
  /** The task never ran: `CannotPullContainerError: …`, `ResourceInitializationError: …`. */
  failedToStart(stoppedReason: string): void
  /** What the load balancer finds when it asks the task; a task that never says is found healthy. */
  targetHealth(healthy: boolean, reason?: string): void
  logLine(container: string, line: string): void
}

export interface ContainerFacts {
  readonly runtimeId: string
  readonly privateIPv4Address?: string
}

export interface TaskHandle {
  /**
   * Asks the task to end: SIGTERM now, SIGKILL after `graceMs`. The driver then reports the exit
   * of every container that it had reported as started.
   */
  stop(graceMs: number): void
}

/** Runs tasks: by a script in virtual time, or as real containers. */
export interface TaskDriver {
  start(task: TaskSpec, observer: TaskObserver): TaskHandle
  /** Ends whatever still runs. */
  close?(): Promise<void>
}

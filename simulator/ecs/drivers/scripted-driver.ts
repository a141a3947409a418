import type { Clock } from '../../clock/clock.ts'
import { objectMember, objectsMember, stringMember } from '../../wire/members.ts'
import type { JsonObject } from '../../wire/service.ts'
import { containerDefinitions } from '../model/task-definition.ts'

import { type Behaviour, behaviourFromEnvironment } from './behaviour.ts'
import type { TaskDriver, TaskHandle, TaskObserver, TaskSpec } from './task-driver.ts'

/** Chooses by `family:revision`, by `family` or by image reference; the first of these stands. */
export type Script = Readonly<Record<string, Behaviour>>

/** Runs tasks by script: deterministic, in whatever time its clock keeps. */
export class ScriptedDriver implements TaskDriver {
  readonly #clock: Clock
  #script: Script

  constructor(clock: Clock, script: Script = {}) {
    this.#clock = clock
    this.#script = script
  }

  /** Replaces what tasks do that start from now on. */
  follow(script: Script): void {
    this.#script = script
  }

  start(spec: TaskSpec, observer: TaskObserver): TaskHandle {
    const containers = containerDefinitions(spec.definition).map((definition) => ({
      name: stringMember(definition, 'name') ?? '',
      checked: objectMember(definition, 'healthCheck') !== undefined,
      behaviour:
        behaviourFromEnvironment(withOverrides(definition, spec.overrides)) ??
        this.#behaviour(spec, definition),
    }))
    return new ScriptedTask(this.#clock, observer, containers).begin()
  }

  #behaviour(spec: TaskSpec, definition: JsonObject): Behaviour {
    return (
      this.#script[`${spec.family}:${spec.revision}`] ??
      this.#script[spec.family] ??
      this.#script[stringMember(definition, 'image') ?? ''] ??
      {}
    )
  }
}

/** The container with the variables that RunTask lays over its own (ECS-53). */
function withOverrides(container: JsonObject, overrides: JsonObject): JsonObject {
  const override = (objectsMember(overrides, 'containerOverrides') ?? []).find(
    (one) => stringMember(one, 'name') === stringMember(container, 'name'),
  )
  const own = objectsMember(container, 'environment') ?? []
  const over = objectsMember(override ?? {}, 'environment') ?? []
  return { ...container, environment: [...over, ...own] }
}

interface ScriptedContainer {
  readonly name: string
  readonly checked: boolean
  readonly behaviour: Behaviour
}

class ScriptedTask implements TaskHandle {
  readonly #clock: Clock
  readonly #observer: TaskObserver
  readonly #containers: readonly ScriptedContainer[]
  readonly #running = new Set<ScriptedContainer>()
  #stopping = false

  constructor(clock: Clock, observer: TaskObserver, containers: readonly ScriptedContainer[]) {
    this.#clock = clock
    this.#observer = observer
    this.#containers = containers
  }

  begin(): this {
    const pullMs = Math.max(...this.#containers.map(({ behaviour }) => behaviour.pullMs ?? 1500))
    const failure = this.#containers.find(({ behaviour }) => behaviour.failsToPull !== undefined)
    this.#later(0, () => this.#observer.pullStarted())
    this.#later(pullMs, () => {
      const reason = failure?.behaviour.failsToPull
      if (reason !== undefined) {
        this.#stopping = true
        this.#observer.failedToStart(reason)
        return
      }
      this.#observer.pullStopped()
      for (const container of this.#containers) {
        this.#later(container.behaviour.startMs ?? 1000, () => this.#run(container))
      }
    })
    return this
  }

  stop(graceMs: number): void {
    this.#stopping = true
    for (const container of this.#running) {
      const ownMs = container.behaviour.stopsAfterMs ?? 1000
      const killed = ownMs > graceMs
      this.#clock.schedule(Math.min(ownMs, graceMs), () => this.#exit(container, killed ? 137 : 0))
    }
  }

  #run(container: ScriptedContainer): void {
    const { name, behaviour, checked } = container
    this.#running.add(container)
    this.#observer.containerStarted(name, { runtimeId: `${name}-scripted` })
    for (const line of behaviour.logLines ?? []) this.#observer.logLine(name, line)
    if (behaviour.failsTargetChecks !== undefined) {
      this.#observer.targetHealth(false, behaviour.failsTargetChecks)
    }
    if (checked) this.#check(container)
    if (behaviour.exitsAfterMs === undefined) return
    this.#later(behaviour.exitsAfterMs, () =>
      this.#exit(container, behaviour.exitCode ?? 0, behaviour.exitReason),
    )
  }

  #check({ name, behaviour }: ScriptedContainer): void {
    const { healthyAfterMs = 3000, unhealthyAfterMs, neverHealthy } = behaviour
    const becomesHealthy = neverHealthy !== true && healthyAfterMs < (unhealthyAfterMs ?? Infinity)
    if (becomesHealthy) {
      this.#later(healthyAfterMs, () => this.#observer.containerHealth(name, 'HEALTHY'))
    }
    if (unhealthyAfterMs === undefined) return
    this.#later(unhealthyAfterMs, () => this.#observer.containerHealth(name, 'UNHEALTHY'))
  }

  #exit(container: ScriptedContainer, exitCode: number, reason?: string): void {
    if (!this.#running.delete(container)) return
    this.#observer.containerExited(container.name, exitCode, reason)
  }

  /** Runs `step` unless the task was told to stop by then. */
  #later(delayMs: number, step: () => void): void {
    this.#clock.schedule(delayMs, () => {
      if (!this.#stopping) step()
    })
  }
}

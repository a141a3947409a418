import type { Clock } from '../clock/clock.ts'
import type { Behaviour } from '../ecs/drivers/behaviour.ts'
import { ScriptedDriver } from '../ecs/drivers/scripted-driver.ts'
import type { TaskDriver, TaskHandle, TaskObserver, TaskSpec } from '../ecs/drivers/task-driver.ts'
import type { History, NewTask } from './history.ts'

/** Longer than any history. */
const neverMs = 30 * 24 * 3_600_000

/** Runs a history's tasks: each new one by its turn, the old ones as the predecessor says. */
export class HistoryDriver implements TaskDriver {
  readonly #scripted: ScriptedDriver
  readonly #history: History
  #started = 0

  constructor(clock: Clock, history: History) {
    this.#scripted = new ScriptedDriver(clock)
    this.#history = history
  }

  start(spec: TaskSpec, observer: TaskObserver): TaskHandle {
    const isNew = spec.revision > 1
    const behaviour = isNew ? this.#nextOfNew() : this.#oldTask(spec)
    this.#scripted.follow({ [spec.family]: behaviour })
    return this.#scripted.start(spec, observer)
  }

  #nextOfNew(): Behaviour {
    const { first, then } = this.#history.tasks
    const task = first[this.#started] ?? then
    this.#started += 1
    return behaviourOf(task)
  }

  #oldTask({ group }: TaskSpec): Behaviour {
    const fails = this.#history.service.predecessor === 'none' && group.startsWith('service:')
    return { pullMs: 1_000, startMs: fails ? neverMs : 0 }
  }
}

function behaviourOf(task: NewTask): Behaviour {
  const started = { pullMs: task.startsAfterMs, startMs: 0 }
  switch (task.kind) {
    case 'healthy':
      return { ...started, healthyAfterMs: task.healthyAfterMs }
    case 'crashes': {
      const { afterMs: exitsAfterMs, exitCode } = task
      return { ...started, neverHealthy: true, exitsAfterMs, exitCode }
    }
    case 'unhealthy':
      return { ...started, neverHealthy: true, unhealthyAfterMs: task.afterMs }
    case 'refused-by-load-balancer':
      return { ...started, failsTargetChecks: 'Health checks failed with these codes: [502]' }
    case 'unpullable':
      return { ...started, failsToPull: pullTexts.certain }
    case 'pull-trouble':
      return { ...started, failsToPull: pullTexts.passing }
    case 'never-starts':
      return { pullMs: task.startsAfterMs, startMs: neverMs }
  }
}

/** As ECS says it: "CannotPullContainer task errors" of the developer guide. */
const pullTexts = {
  certain:
    "CannotPullContainerError: image Manifest does not contain descriptor matching platform 'linux/amd64'",
  passing:
    "CannotPullContainerError: The task cannot pull 'web' from the Amazon ECR repository. There is a connection issue between the task and Amazon ECR. Check your task network configuration.",
}

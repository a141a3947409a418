import type { DeployInputs } from '../../inputs/inputs.ts'
import type { RunTaskInputs, RunTaskTime } from '../../inputs/deploy/run-task.ts'
import { stringAt, type JsonObject } from '../../json.ts'
import { checkContainers } from '../../task-definition/containers.ts'
import { taskRequest, type TaskBasis } from '../../tasks/task-request.ts'
import type { ServicePlan } from './service-plan.ts'

/** A one-off task: where it runs, how it is asked for, and what judges it. */
export interface RunTaskPlan {
  /** `off` never comes here: the plan is absent then. In mode run the time means nothing. */
  readonly when: RunTaskTime
  /** Name or ARN, as ECS takes it. */
  readonly cluster: string
  /** The input of RunTask, but for cluster, revision and token. */
  readonly request: JsonObject
  /** The container whose exit code alone decides; undefined: all essential ones. */
  readonly container: string | undefined
  /** From the first RunTask on. */
  readonly waitMs: number
  /** 0: nothing of its log is shown; undefined: all of it, in public repositories nothing. */
  readonly logLines: number | undefined
}

/** The general settings of the run that hold for the task, too. */
export interface RunTaskSettings {
  readonly cluster: string
  readonly waitMinutes: number | undefined
  readonly logLines: number | undefined
}

const defaultWaitMinutes = 30

/**
 * Plans the task that runs before or after the services, in the place of the first one.
 * @returns undefined where none is asked for.
 * @throws ActionError as {@link planRunTask}.
 */
export function planTaskBeside(
  { runTask, deploy }: { readonly runTask: RunTaskInputs; readonly deploy: DeployInputs },
  [first]: readonly ServicePlan[],
): RunTaskPlan | undefined {
  if (runTask.when === 'off' || first === undefined) return undefined
  const { current, settings, source } = first
  const { platformVersion, capacityProviderStrategy, enableECSManagedTags } = settings
  // The task runs as the service will, not as it did.
  const service = {
    ...current.raw,
    ...(platformVersion !== undefined && { platformVersion }),
    ...(capacityProviderStrategy !== undefined && { capacityProviderStrategy }),
  }
  const { waitMinutes, logLines } = deploy
  return planRunTask(
    runTask,
    { cluster: current.clusterArn, waitMinutes, logLines },
    { service, ...source, enableECSManagedTags },
  )
}

/**
 * Plans a one-off task.
 * @throws ActionError where it names containers that the definition does not have, or has no place
 * in the network.
 */
export function planRunTask(
  inputs: RunTaskInputs,
  { cluster, waitMinutes = defaultWaitMinutes, logLines }: RunTaskSettings,
  basis: TaskBasis,
): RunTaskPlan {
  const { definition, origin } = basis
  const overridden = inputs.containerOverrides.map((each) => stringAt(each, 'name') ?? '')
  checkContainers(definition, overridden, origin, 'run-task-container-overrides')
  const { when, container } = inputs
  if (container !== undefined) {
    checkContainers(definition, [container], origin, 'run-task-container')
  }
  return {
    ...{ when, cluster, container, logLines },
    request: taskRequest(inputs, basis),
    waitMs: waitMinutes * 60_000,
  }
}

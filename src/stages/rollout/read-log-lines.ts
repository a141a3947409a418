import { objectsAt, stringAt } from '../../core/json.ts'
import type { StoppedTaskGroup } from '../../core/rollout/evidence/service-outcome.ts'
import { awslogsOf, logsElsewhere, logStreamOf } from '../../core/task-definition/awslogs.ts'
import { shownLines } from '../../core/tasks/shown-lines.ts'
import type { Rollout } from './rollout.ts'

/** The end of a container's log, or where it is instead. */
export interface LogEnd {
  readonly logLines?: readonly string[]
  readonly logNote?: string
}

/** The end of the log of the container that failed worst, where it goes to CloudWatch Logs here. */
export async function readLogLines(rollout: Rollout, worst: StoppedTaskGroup): Promise<LogEnd> {
  const { plan, session, deployment, optional, ports } = rollout
  const [container] = worst.containers
  const count = shownLines(plan.wait.logLines, ports.context.event)
  if (container === undefined || count === 0) return {}
  const definition = objectsAt(deployment.revision.definition, 'containerDefinitions').find(
    (each) => stringAt(each, 'name') === container.name,
  )
  const log = awslogsOf(definition ?? {}, session.region)
  if (log === undefined) return { logNote: logsElsewhere(container.name, definition ?? {}) }
  const stream = logStreamOf(log, container.name, worst.exampleTaskArn)
  const lines = await optional.try(
    'logs:GetLogEvents',
    "the container's own last lines cannot be shown",
    () => session.logs.tail(log.group, stream, count),
  )
  return lines === undefined || lines.length === 0 ? {} : { logLines: lines }
}

import type { Disturbance, History, NewTask, ServiceSetup } from './history.ts'
import { legalRun, legalStages } from './legal-stages.ts'
import { desiredCounts, enoughHealthy } from './spans.ts'

/** Without a check RUNNING for 40 s is healthy to ECS, for 30 s to a watcher: stay off both. */
const uncheckedCrash = { mostMs: 36_000, unclearFromMs: 28_000, unclearToMs: 33_000 }

/**
 * The nearest history that may happen: checks fail only where there are checks, alarms go off where
 * there are alarms, a watcher waits for the bake at least (the action asks for it), an image that
 * cannot be pulled cannot be pulled by any task, nobody crashes after having been healthy, and
 * where in the end all tasks fail, those that do not are too few for a success.
 */
export function legalise(history: History): History {
  const { service, tasks, disturbances, run } = history
  const setup = legalStages({ ...service, ...percentages(service) }, run)
  const then = legalTask(tasks.then, setup)
  const counts = desiredCounts(history).filter((count) => count > 0)
  const least = Math.min(...counts.map((count) => enoughHealthy(setup, count)), 6)
  const first = tasks.first.map((task) => legalTask(passing(task), setup))
  return {
    ...history,
    service: setup,
    tasks: { first: enoughFail(first, then, least), then },
    disturbances: ours(disturbances.filter(mayHappenTo(setup)).sort((a, b) => a.atMs - b.atMs)),
    ...legalRun(run, history.reads, setup),
  }
}

/** Once a newer deployment has begun, alarms judge that one. */
function ours(disturbances: readonly Disturbance[]): readonly Disturbance[] {
  const newerFrom = disturbances.findIndex(({ kind }) => kind === 'supersede')
  if (newerFrom === -1) return disturbances
  return disturbances.filter((one, at) => at < newerFrom || one.kind !== 'alarm' || !one.watched)
}

function mayHappenTo({ loadBalancer, alarms }: ServiceSetup): (one: Disturbance) => boolean {
  return (one) =>
    (one.kind !== 'fail-targets' || loadBalancer !== undefined) &&
    (one.kind !== 'alarm' || !one.watched || alarms !== undefined)
}

/** Both at 100 are refused by ECS, and so is early success below minimumHealthyPercent. */
function percentages({ minimumHealthyPercent, maximumPercent, earlySuccess }: ServiceSetup) {
  const refused = minimumHealthyPercent === 100 && maximumPercent === 100
  const healthyPercent = Math.max(earlySuccess?.healthyPercent ?? 0, minimumHealthyPercent)
  return {
    maximumPercent: refused ? 200 : maximumPercent,
    earlySuccess: earlySuccess && { healthyPercent },
  }
}

/** A task that others follow fails for a reason that may pass. */
function passing(task: NewTask): NewTask {
  const final = task.kind === 'unpullable' || task.kind === 'never-starts'
  return final ? { startsAfterMs: task.startsAfterMs, kind: 'pull-trouble' } : task
}

function enoughFail(first: readonly NewTask[], then: NewTask, least: number): readonly NewTask[] {
  if (then.kind === 'healthy') return first
  if (then.kind === 'unpullable') return []
  let healthy = 0
  return first.filter(({ kind }) => kind !== 'healthy' || (healthy += 1) < least)
}

function legalTask(task: NewTask, service: ServiceSetup): NewTask {
  switch (task.kind) {
    case 'unhealthy':
      return service.healthCheck ? task : crash(task.startsAfterMs, task.afterMs, 1, service)
    case 'refused-by-load-balancer':
      return service.loadBalancer === undefined
        ? crash(task.startsAfterMs, 1_000, 1, service)
        : task
    case 'crashes':
      return crash(task.startsAfterMs, task.afterMs, task.exitCode, service)
    default:
      return task
  }
}

function crash(
  startsAfterMs: number,
  askedMs: number,
  exitCode: number,
  { healthCheck, loadBalancer }: ServiceSetup,
): NewTask {
  const { mostMs, unclearFromMs, unclearToMs } = uncheckedCrash
  const beforeMs = loadBalancer === undefined ? mostMs : loadBalancer.healthyAfterMs - 2_000
  const earlyMs = healthCheck ? askedMs : Math.min(askedMs, beforeMs)
  const unclear = earlyMs >= unclearFromMs && earlyMs < unclearToMs
  const afterMs = unclear ? unclearFromMs - 1 : earlyMs
  return { startsAfterMs, kind: 'crashes', afterMs, exitCode }
}

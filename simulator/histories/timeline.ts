import type { Disturbance, History, Hook, NewTask, ServiceSetup, Staged } from './history.ts'
import type { Truth } from './oracle.ts'

/** A history for people: one line for each thing that is not as usual, in order of time. */
export function describeHistory(history: History): string {
  return [
    `service: ${describeService(history)}`,
    ...describeStages(history),
    `tasks:   ${describeTasks(history)}`,
    ...history.disturbances.map((one) => `${time(one.atMs)}  ${describeDisturbance(one)}`),
    ...describeReads(history),
    ...describeRun(history),
  ].join('\n')
}

/** `deployed (SUCCESSFUL) or superseded (…)` */
export function describeTruth({ outcomes }: Truth): string {
  return [...outcomes].map(([outcome, rule]) => `${outcome} (${rule})`).join(' or ')
}

function describeService({ service }: History): string {
  const { breaker, loadBalancer } = service
  return [
    `desired ${service.desiredCount}`,
    `healthy ${service.minimumHealthyPercent}-${service.maximumPercent} %`,
    breaker === undefined
      ? 'no breaker'
      : `breaker ${breaker.threshold.type} ${breaker.threshold.value}` +
        (breaker.rollback ? ' with rollback' : '') +
        (breaker.resetOnHealthyTask ? '' : ' never reset'),
    ...describeWatch(service),
    service.healthCheck ? 'health check' : 'no health check',
    loadBalancer === undefined
      ? 'no load balancer'
      : `targets healthy after ${span(loadBalancer.healthyAfterMs)}, drained in ${span(loadBalancer.deregistrationDelayMs)}`,
    service.predecessor === 'none' ? 'first deployment' : 'a deployment before',
  ].join(', ')
}

function describeWatch({ alarms, earlySuccess }: ServiceSetup): readonly string[] {
  const lines: string[] = []
  if (alarms !== undefined) {
    const { bakeTimeMinutes, rollback, inAlarmBefore } = alarms
    const bake = bakeTimeMinutes === 0 ? 'bake of its own' : `bake ${bakeTimeMinutes} min`
    const name = inAlarmBefore ? 'alarm in ALARM before' : 'alarm'
    lines.push(`${name}, ${bake}${rollback ? ', with rollback' : ''}`)
  }
  if (earlySuccess !== undefined) lines.push(`success at ${earlySuccess.healthyPercent} % healthy`)
  return lines
}

function describeStages({ service: { staged } }: History): readonly string[] {
  if (staged === undefined) return []
  const { bakeTimeMinutes, hooks } = staged
  const line = `${describeShift(staged)}, bakes ${bakeTimeMinutes} min`
  return [line, ...hooks.map(describeHook)].map((one) => `stages:  ${one}`)
}

function describeShift({ strategy, step }: Staged): string {
  if (strategy === 'BLUE_GREEN') return strategy
  return `${strategy} by ${step.percent} %, ${step.bakeTimeMinutes} min each`
}

function describeHook(hook: Hook): string {
  if (hook.kind === 'lambda') {
    return `${hook.stage}: function, ${hook.result} after ${hook.waits} times IN_PROGRESS`
  }
  const { answer, timeout } = hook
  const answered =
    answer === undefined ? 'no answer' : `${answer.action} ${span(answer.afterMs)} later`
  const ends = timeout === undefined ? 'a day' : `${timeout.minutes} min, then ${timeout.action}`
  return `${hook.stage}: pause, ${answered}; at most ${ends}`
}

function describeTasks({ tasks }: History): string {
  const first = tasks.first.map(describeTask).join('; ')
  return `${first === '' ? 'each' : `${first}; then each`} ${describeTask(tasks.then)}`
}

function describeTask(task: NewTask): string {
  const started = `${span(task.startsAfterMs)} to start`
  switch (task.kind) {
    case 'healthy':
      return `healthy (${started}, check passes after ${span(task.healthyAfterMs)})`
    case 'crashes':
      return `crashes after ${span(task.afterMs)} with ${task.exitCode} (${started})`
    case 'unhealthy':
      return `fails its health check after ${span(task.afterMs)} (${started})`
    default:
      return `${task.kind} (${started})`
  }
}

function describeDisturbance(one: Disturbance): string {
  switch (one.kind) {
    case 'scale':
      return `desired count becomes ${one.desiredCount} by ${one.by}`
    case 'supersede':
      return "somebody else's UpdateService"
    case 'stop-deployment':
      return 'StopServiceDeployment by an operator'
    case 'stop-task':
      return `StopTask by an operator (pick ${one.pick})`
    case 'interrupt-spot':
      return `Spot interruption of ${one.tasks}`
    case 'lose-capacity':
      return `no capacity (${one.failure}) for ${span(one.forMs)}`
    case 'rebalance':
      return 'Availability Zone rebalancing'
    case 'fail-targets':
      return `${one.tasks} targets turn unhealthy`
    case 'alarm':
      return one.watched ? 'the alarm goes off' : 'an alarm elsewhere goes off'
    case 'run-task':
      return 'RunTask of the old definition'
    case 'touch':
      return 'UpdateService that changes nothing'
  }
}

function describeReads({ reads }: History): readonly string[] {
  const lines: string[] = []
  if (reads.listLagMs > 0) lines.push(`reads:   lists lag ${span(reads.listLagMs)}`)
  if (reads.failing.length > 0) {
    const calls = reads.failing.map(({ call, how }) => `number ${call} ${how}`)
    lines.push(`reads:   ${calls.join(', ')}`)
  }
  if (reads.blindFromMs !== undefined) lines.push(`${time(reads.blindFromMs)}  credentials gone`)
  return lines
}

function describeRun({ run }: History): readonly string[] {
  const failures = `max-task-failures ${run.maxTaskFailures}`
  const lines = [`run:     deadline ${span(run.deadlineMs)}, ${failures}`]
  if (run.cancelAtMs !== undefined) lines.push(`${time(run.cancelAtMs)}  cancelled`)
  const { onPause, onFailure, onTimeout } = run
  if (onPause !== 'wait') lines.push(`run:     on-pause ${onPause}`)
  if (onFailure === 'rollback') lines.push('run:     on-failure rollback')
  if (onTimeout === 'rollback') lines.push('run:     on-timeout rollback')
  if (run.updateAnswerLost) lines.push("run:     UpdateService's answer is lost")
  return lines
}

const span = (ms: number): string => `${ms / 1_000} s`
const time = (ms: number): string => `+${ms / 1_000} s`.padEnd(8)

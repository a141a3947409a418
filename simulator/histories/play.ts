import type { Disturbance as EcsDisturbance } from '../ecs/disturbance.ts'
import type { LambdaAnswer } from '../ecs/engine/lambda-answers.ts'
import type { Pace } from '../ecs/pace.ts'
import { isObject } from '../wire/json.ts'
import { objectsMember, stringMember, stringsMember } from '../wire/members.ts'
import { ServiceError, type JsonObject } from '../wire/service.ts'
import type { Disturbance, History, Staged } from './history.ts'
import { answerPauses, lambdaAnswers } from './hook-answers.ts'
import {
  alarm,
  cluster,
  definitionOf,
  functionArn,
  service,
  serviceOf,
  stagedConfiguration,
} from './service-input.ts'

/** The account that a history is played in, and its time. */
export interface World {
  /** An operation of ECS by name, as an operator. */
  ask(operation: string, input: JsonObject): Promise<JsonObject>
  /** What no client of ECS does. */
  disturb(disturbance: EcsDisturbance): void
  /** What a lifecycle hook's function answers, one by one; the last answer for ever. */
  script(functionArn: string, answers: readonly LambdaAnswer[]): void
  /** Lets simulated time pass. */
  pass(ms: number): Promise<void>
  /** Has `step` done when so much simulated time has passed from now on. */
  after(ms: number, step: () => Promise<void>): void
}

/** Until a predecessor of six tasks is steady, even one by one. */
const settlesMs = 30 * 60_000
/** A first deployment has begun by then, and is not over. */
const beginsMs = 5_000

/** What of ECS's own pace a history settles. */
export function paceOf({ service: { loadBalancer }, reads }: History): Partial<Pace> {
  return {
    currentLagMs: reads.currentLagMs,
    ...(loadBalancer !== undefined && {
      targetHealthyAfterMs: loadBalancer.healthyAfterMs,
      deregistrationDelayMs: loadBalancer.deregistrationDelayMs,
    }),
  }
}

/**
 * Makes the service `web` in the cluster `prod`, as the history finds it, and has everything
 * happen that happens to it from now on. The tasks are a HistoryDriver's matter; UpdateService to a
 * new revision of `web` is the player's, at once after this.
 */
export async function play(history: History, world: World): Promise<void> {
  await world.ask('CreateCluster', { clusterName: cluster })
  await world.ask('RegisterTaskDefinition', definitionOf(history.service))
  if (history.service.alarms?.inAlarmBefore === true) world.disturb(setAlarm(alarm))
  await world.ask('CreateService', serviceOf(history.service))
  await world.pass(history.service.predecessor === 'completed' ? settlesMs : beginsMs)
  const { staged } = history.service
  if (staged !== undefined) await stageNext(history, staged, world)
  for (const disturbance of history.disturbances) {
    world.after(disturbance.atMs, () => disturb(disturbance, world))
  }
}

/** From here on a deployment goes through stages, with their hooks. */
async function stageNext(history: History, staged: Staged, world: World): Promise<void> {
  const deploymentConfiguration = stagedConfiguration(staged)
  await world.ask('UpdateService', { cluster, service, deploymentConfiguration })
  for (const hook of staged.hooks) {
    if (hook.kind === 'lambda') world.script(functionArn(hook), lambdaAnswers(hook, staged))
  }
  if (history.run.onPause === 'wait') answerPauses(staged, world)
}

async function disturb(disturbance: Disturbance, world: World): Promise<void> {
  switch (disturbance.kind) {
    case 'supersede': {
      const taskDefinition = 'web:1'
      await world.ask('UpdateService', {
        ...{ cluster, service, taskDefinition, forceNewDeployment: true },
      })
      return
    }
    case 'stop-deployment':
      await stopDeployment(world)
      return
    case 'scale':
      await scale(disturbance, world)
      return
    case 'stop-task':
      await stopTask(disturbance.pick, world)
      return
    case 'run-task':
      await world.ask('RunTask', {
        ...{ cluster, taskDefinition: 'web:1', launchType: 'FARGATE' },
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
      })
      return
    case 'touch':
      await world.ask('UpdateService', { cluster, service })
      return
    case 'rebalance':
      rebalance(world)
      return
    default:
      world.disturb(ofNature(disturbance))
  }
}

type Nature = Extract<
  Disturbance,
  { kind: 'interrupt-spot' | 'lose-capacity' | 'fail-targets' | 'alarm' }
>

function ofNature(disturbance: Nature): EcsDisturbance {
  switch (disturbance.kind) {
    case 'interrupt-spot':
      return { kind: 'interrupt-spot', cluster, service, tasks: disturbance.tasks }
    case 'lose-capacity': {
      const { failure, forMs } = disturbance
      return { kind: 'lose-capacity', cluster, service, failure, forMs }
    }
    case 'fail-targets': {
      const reason = 'Health checks failed with these codes: [502]'
      return { kind: 'fail-targets', cluster, service, tasks: disturbance.tasks, reason }
    }
    case 'alarm':
      return setAlarm(disturbance.watched ? alarm : 'elsewhere')
  }
}

async function scale(
  { desiredCount, by }: Extract<Disturbance, { kind: 'scale' }>,
  world: World,
): Promise<void> {
  if (by === 'auto-scaling') world.disturb({ kind: 'scale', cluster, service, desiredCount })
  else await world.ask('UpdateService', { cluster, service, desiredCount })
}

function setAlarm(name: string): EcsDisturbance {
  return { kind: 'set-alarm', alarm: name, state: 'ALARM' }
}

/** Where no task is healthy there is none to move: then nothing happens. */
function rebalance(world: World): void {
  try {
    world.disturb({ kind: 'rebalance', cluster, service })
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('no healthy task')) throw error
  }
}

/** The second deployment is the new one. One that is over cannot be stopped: then nothing happens. */
async function stopDeployment(world: World): Promise<void> {
  const answer = await world.ask('ListServiceDeployments', { cluster, service })
  const [, ofNew] = objectsMember(answer, 'serviceDeployments')?.toReversed() ?? []
  const serviceDeploymentArn = ofNew && stringMember(ofNew, 'serviceDeploymentArn')
  if (serviceDeploymentArn === undefined) return
  try {
    await world.ask('StopServiceDeployment', { serviceDeploymentArn, stopType: 'ROLLBACK' })
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'ConflictException') throw error
  }
}

async function stopTask(pick: number, world: World): Promise<void> {
  const answer = await world.ask('ListTasks', { cluster, serviceName: service })
  const arns = stringsMember(answer, 'taskArns') ?? []
  const task = arns[pick % Math.max(1, arns.length)]
  if (task !== undefined) await world.ask('StopTask', { cluster, task })
}

/** What the service's deployments came to, once the world has come to rest: newest last. */
export async function deploymentStatuses(world: World): Promise<readonly string[]> {
  const answer = await world.ask('ListServiceDeployments', { cluster, service })
  return (objectsMember(answer, 'serviceDeployments') ?? [])
    .filter(isObject)
    .map((record) => stringMember(record, 'status') ?? '')
    .reverse()
}

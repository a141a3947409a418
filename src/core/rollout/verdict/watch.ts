import type { Guards } from '../observation/guards.ts'
import { nameHook, type LifecycleHook } from '../observation/lifecycle-hook.ts'
import { deploymentOf, primaryOf, type Observation } from '../observation/observation.ts'
import { describePause, pausesOf } from './pause.ts'
import type { ServiceDeploymentRecord } from '../observation/service-deployment-record.ts'

/** What a deployment ended as, by ECS's own word. */
export interface FinalVerdict {
  readonly kind: 'final'
  readonly outcome:
    'deployed' | 'rolled-back' | 'rollback-failed' | 'failed' | 'superseded' | 'stopped'
  /** ECS's reason, or ours where it gives none; untrusted. */
  readonly reason: string
}

/** The deployment has not ended. */
export interface GoingOn {
  readonly kind: 'going-on'
  /** What is still false, in words that stay the same while it stays false. */
  readonly condition: string
  /** Whether the end is decided and only the landing is awaited: no success can follow. */
  readonly doomed: boolean
  /** The reason for that, as soon as it is known. */
  readonly reason: string | undefined
}

export type Verdict = FinalVerdict | GoingOn

/** What stays the same during the watch. */
export interface Watched {
  /** `ecs-svc/…` */
  readonly deploymentId: string
  /** The definition that the service ran before: what a rollback returns to. */
  readonly previousTaskDefinitionArn: string
  /** PRIMARY before ours: it becomes PRIMARY again by a rollback alone. */
  readonly previousDeploymentId?: string | undefined
  readonly guards: Guards
  /** BLUE_GREEN, LINEAR, CANARY: both revisions run for long, and all new tasks are not the end. */
  readonly staged: boolean
}

/** Where a deployment stood on its way forward. */
export interface Standing {
  readonly stage: string
  /** The earliest time at which the stage may have begun: that of the look before. */
  readonly sinceMs: number
  readonly hooks: readonly LifecycleHook[]
}

/** What earlier looks leave behind; each verdict is made of it and the latest look. */
export interface Memory {
  readonly latest: Observation
  /** When the first look was. */
  readonly startedAtMs: number
  /** Our deployment was seen in `deployments`, with this creation time. */
  readonly seenCreatedAt: Date | undefined
  readonly seen: boolean
  /** Since when ECS calls the deployment failed without doing anything about it. */
  readonly failedSinceMs: number | undefined
  /** ECS's reason, once it has called the deployment failed; it drops the deployment soon after. */
  readonly failure: string | undefined
  /** Since when another deployment than ours is PRIMARY, ours having been seen before. */
  readonly replacedSinceMs: number | undefined
  /** Since when its own record says that it is stopped. */
  readonly stoppedSinceMs: number | undefined
  /** Since when one deployment runs all it should, for services without a rollout state. */
  readonly steadySinceMs: number | undefined
  /** The last stage before the end or a setback; undefined for rolling deployments. */
  readonly standing: Standing | undefined
}

/** ECS begins a rollback within seconds; a first deployment that failed has none to begin. */
export const rollbackBeginsWithinMs = 60_000

/** ListServiceDeployments may lag by this much: until then a newer deployment may be unknown. */
export const newerListedWithinMs = 30_000

/** Adds one look to what is remembered. */
export function remember(
  memory: Memory | undefined,
  latest: Observation,
  deploymentId: string,
): Memory {
  const ours = deploymentOf(latest.service, deploymentId)
  const seen = memory?.seen === true || ours !== undefined
  const primary = primaryOf(latest.service)
  const replaced = seen && primary !== undefined && primary.id !== deploymentId
  const failed = ours?.rolloutState === 'FAILED'
  const steady =
    latest.service.deployments.length === 1 &&
    ours !== undefined &&
    ours.runningCount === ours.desiredCount
  return {
    latest,
    startedAtMs: memory?.startedAtMs ?? latest.atMs,
    seen,
    seenCreatedAt: ours?.createdAt ?? memory?.seenCreatedAt,
    failedSinceMs: failed ? (memory?.failedSinceMs ?? latest.atMs) : undefined,
    failure: failed ? (ours.rolloutStateReason ?? '') : memory?.failure,
    replacedSinceMs: replaced ? (memory?.replacedSinceMs ?? latest.atMs) : undefined,
    stoppedSinceMs:
      latest.record?.status === 'STOPPED' ? (memory?.stoppedSinceMs ?? latest.atMs) : undefined,
    steadySinceMs: steady ? (memory?.steadySinceMs ?? latest.atMs) : undefined,
    standing: standingAt(latest, memory),
  }
}

function standingAt({ record, atMs }: Observation, memory: Memory | undefined) {
  const before = memory?.standing
  const stage = record?.lifecycleStage
  if (record === undefined || stage === undefined || !isUnderWay(record)) return before
  const sinceMs = before?.stage === stage ? before.sinceMs : (memory?.latest.atMs ?? atMs)
  return { stage, sinceMs, hooks: record.hooks }
}

function isUnderWay({ status, rollingBack }: ServiceDeploymentRecord): boolean {
  return !rollingBack && (status === 'PENDING' || status === 'IN_PROGRESS')
}

/** The first thing that is still missing, in the order in which a rollout gets them. */
export function falseCondition(watched: Watched, { service, record }: Observation): string {
  const ours = deploymentOf(service, watched.deploymentId)
  if (ours === undefined) return 'the deployment is seen in DescribeServices'
  const held = record && whatHolds(record)
  if (held !== undefined) return held
  if (ours.runningCount < ours.desiredCount) return 'all new tasks are running'
  const stage = record?.lifecycleStage
  if (stage !== undefined) return `ECS has left stage ${stage}`
  const others = service.deployments.filter(({ id }) => id !== ours.id)
  if (others.some(({ runningCount }) => runningCount > 0)) {
    return 'new tasks are healthy and the old ones have stopped'
  }
  return 'ECS calls the deployment complete'
}

/** A hook, or the bake time: what a stage rests for while the tasks are in order. */
function whatHolds(record: ServiceDeploymentRecord): string | undefined {
  const [pause] = pausesOf(record)
  if (pause !== undefined) return `somebody answers ${describePause(record, pause)}`
  const stage = record.lifecycleStage
  if (stage === undefined) return undefined
  const hook = record.hooks.find(({ status }) => status === 'IN_PROGRESS')
  if (hook !== undefined) return `${nameHook(hook)} at stage ${stage} has answered`
  if (stage !== 'BAKE_TIME') return undefined
  return `the bake time of ${record.shift.bakeMs / 60_000} min is over`
}

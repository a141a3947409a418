import {
  deploymentOf,
  isRevisionOf,
  primaryOf,
  type Deployment,
} from '../observation/observation.ts'
import {
  falseCondition,
  rollbackBeginsWithinMs,
  type GoingOn,
  type Memory,
  type Verdict,
  type Watched,
} from './watch.ts'
import { nameInArn } from '../../name-in-arn.ts'

/** Two good looks this far apart stand for a rollout state that ECS does not tell. */
const steadyForMs = 10_000
const visibleWithinMs = 60_000

/**
 * The verdict without the deployment's own record (no permission, or older than its history): made
 * of the service's `deployments` alone. A staged deployment is COMPLETED only once it is alone: a
 * service is steady, too, while both revisions run and traffic or bake time are still to come.
 */
export function judgeByDeployments(watched: Watched, memory: Memory): Verdict {
  const { service } = memory.latest
  const ours = deploymentOf(service, watched.deploymentId)
  const primary = primaryOf(service)
  if (ours?.status === 'PRIMARY') return judgePrimary(watched, memory, ours)
  // A look right after UpdateService may be older than it; a minute later it no longer is.
  const visible = memory.seen || memory.latest.atMs - memory.startedAtMs >= visibleWithinMs
  if (!visible || primary === undefined) return goingOn(falseCondition(watched, memory.latest))
  return judgeReplaced(watched, memory, primary)
}

function judgePrimary(watched: Watched, memory: Memory, ours: Deployment): Verdict {
  const reason = ours.rolloutStateReason ?? ''
  const { latest, failedSinceMs, steadySinceMs } = memory
  if (ours.rolloutState === 'COMPLETED') {
    if (!watched.staged || isAlone(watched, memory)) {
      return { kind: 'final', outcome: 'deployed', reason }
    }
    return goingOn('the new tasks alone have run for 10 s, with all the traffic')
  }
  if (ours.rolloutState === 'FAILED' && failedSinceMs !== undefined) {
    const due = !watched.guards.rollback || latest.atMs - failedSinceMs >= rollbackBeginsWithinMs
    return due
      ? { kind: 'final', outcome: 'failed', reason }
      : doomed('ECS has begun the rollback', reason)
  }
  if (ours.rolloutState === undefined && !watched.staged && steadySinceMs !== undefined) {
    if (latest.atMs - steadySinceMs >= steadyForMs) {
      return {
        kind: 'final',
        outcome: 'deployed',
        reason: 'the only deployment runs all its tasks',
      }
    }
    return goingOn('the service has been steady for 10 s')
  }
  return goingOn(falseCondition(watched, latest))
}

/** Whether for 10 s no other revision has had a deployment, a task or traffic. */
function isAlone({ deploymentId }: Watched, { latest, steadySinceMs }: Memory): boolean {
  if (steadySinceMs === undefined || latest.atMs - steadySinceMs < steadyForMs) return false
  return latest.service.revisions.every(({ arn, runningCount, productionTraffic }) =>
    isRevisionOf(arn, deploymentId)
      ? (productionTraffic ?? 100) >= 100
      : runningCount === 0 && (productionTraffic ?? 0) === 0,
  )
}

/** Another deployment is PRIMARY: ECS's rollback of ours, or somebody's newer one. */
function judgeReplaced(watched: Watched, memory: Memory, primary: Deployment): Verdict {
  const { failure, latest, replacedSinceMs, seenCreatedAt, startedAtMs } = memory
  const older = isOlder(primary, seenCreatedAt) || primary.id === watched.previousDeploymentId
  const newer = isNewer(primary, seenCreatedAt)
  const told = /rolling back|rolled back/i.test(primary.rolloutStateReason ?? '')
  const returned =
    failure !== undefined &&
    primary.taskDefinitionArn === watched.previousTaskDefinitionArn &&
    !newer
  if (!told && !returned) {
    if (!older) {
      const by = `${nameInArn(primary.taskDefinitionArn)} (${primary.id})`
      const reason = `a newer deployment took over: ${by}`
      return { kind: 'final', outcome: 'superseded', reason }
    }
    if (watched.staged && isListed(watched, memory)) {
      return goingOn('the new tasks take over from the old ones')
    }
    // Only a rollback makes an older deployment PRIMARY again; or this look is older than ours.
    if (latest.atMs - (replacedSinceMs ?? startedAtMs) < steadyForMs) {
      return goingOn('the deployment is PRIMARY in DescribeServices')
    }
  }
  const reason = failure ?? primary.rolloutStateReason ?? ''
  if (primary.rolloutState === 'COMPLETED') return { kind: 'final', outcome: 'rolled-back', reason }
  if (primary.rolloutState === 'FAILED')
    return { kind: 'final', outcome: 'rollback-failed', reason }
  return doomed('ECS has finished the rollback', reason)
}

/** That the new revision is PRIMARY from the start is not documented: blue may be it for long. */
function isListed({ deploymentId }: Watched, { latest }: Memory): boolean {
  const ours = deploymentOf(latest.service, deploymentId)
  return ours !== undefined && ours.rolloutState !== 'FAILED'
}

function isOlder(primary: Deployment, ours: Date | undefined): boolean {
  return ours !== undefined && primary.createdAt !== undefined && primary.createdAt < ours
}

/** Somebody's redeployment of the definition before ours is no rollback. */
function isNewer(primary: Deployment, ours: Date | undefined): boolean {
  return ours !== undefined && primary.createdAt !== undefined && primary.createdAt > ours
}

function goingOn(condition: string): GoingOn {
  return { kind: 'going-on', condition, doomed: false, reason: undefined }
}

function doomed(condition: string, reason: string): GoingOn {
  return { kind: 'going-on', condition, doomed: true, reason }
}

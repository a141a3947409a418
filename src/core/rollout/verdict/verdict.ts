import { primaryOf } from '../observation/observation.ts'
import { failureReason } from './failure-reason.ts'
import { judgeByDeployments } from './verdict-by-deployments.ts'
import {
  falseCondition,
  newerListedWithinMs,
  rollbackBeginsWithinMs,
  type Memory,
  type Verdict,
  type Watched,
} from './watch.ts'
import { nameInArn } from '../../name-in-arn.ts'

/**
 * The verdict on our deployment (ECS API reference, ServiceDeployment.status). The deployment's own
 * record decides where it can be read, else the service's list of deployments. A status or stage
 * that we do not know is going on, never a success.
 */
export function judge(watched: Watched, memory: Memory): Verdict {
  const { record, service } = memory.latest
  if (service.status === 'DRAINING' || service.status === 'INACTIVE') {
    return { kind: 'final', outcome: 'stopped', reason: `the service is ${service.status}` }
  }
  if (record === undefined) return judgeByDeployments(watched, memory)
  const reason = failureReason(watched, memory)
  switch (record.status) {
    case 'SUCCESSFUL':
      return { kind: 'final', outcome: 'deployed', reason: record.statusReason ?? '' }
    case 'ROLLBACK_SUCCESSFUL':
      return { kind: 'final', outcome: 'rolled-back', reason: reason ?? 'ECS rolled it back' }
    case 'ROLLBACK_FAILED':
      return { kind: 'final', outcome: 'rollback-failed', reason: reason ?? 'ECS gave no reason' }
    case 'ROLLBACK_IN_PROGRESS':
      return { kind: 'going-on', condition: 'ECS has finished the rollback', doomed: true, reason }
    case 'ROLLBACK_REQUESTED':
      // It may still become SUCCESSFUL: the request races with the deployment's own end.
      return { kind: 'going-on', condition: 'ECS has begun the rollback', doomed: false, reason }
    case 'STOPPED':
    case 'STOP_REQUESTED':
      return judgeStopped(watched, memory, reason)
    default:
      return judgeRunning(watched, memory, reason)
  }
}

function judgeStopped(watched: Watched, memory: Memory, reason: string | undefined): Verdict {
  const { record, newer, service, atMs } = memory.latest
  if (record?.breakerStatus === 'TRIGGERED' || record?.alarmsStatus === 'TRIGGERED') {
    return { kind: 'final', outcome: 'failed', reason: reason ?? 'ECS stopped it' }
  }
  const primary = primaryOf(service)
  // ListServiceDeployments may not know the newer one yet; a rollback makes an older one PRIMARY.
  // ECS's times are no finer than a millisecond: one that began in the same one is newer, too.
  const replaced =
    primary?.createdAt !== undefined &&
    record?.createdAt !== undefined &&
    primary.id !== watched.deploymentId &&
    primary.createdAt >= record.createdAt
  if (newer !== undefined || replaced) {
    const by = nameInArn(primary?.taskDefinitionArn ?? '')
    const name = `${by} (${newer?.arn ?? primary?.id ?? ''})`
    return { kind: 'final', outcome: 'superseded', reason: `a newer deployment took over: ${name}` }
  }
  // The newer one may have been rolled back by now, and not be listed yet.
  return atMs - (memory.stoppedSinceMs ?? atMs) >= newerListedWithinMs
    ? { kind: 'final', outcome: 'stopped', reason: reason ?? 'it was stopped before its end' }
    : { kind: 'going-on', condition: 'ECS tells what stopped it', doomed: true, reason }
}

function judgeRunning(watched: Watched, memory: Memory, reason: string | undefined): Verdict {
  const { latest, failedSinceMs } = memory
  if (failedSinceMs !== undefined) {
    // Nothing to return to (a first deployment), or a guard without rollback.
    if (latest.atMs - failedSinceMs >= rollbackBeginsWithinMs) {
      return { kind: 'final', outcome: 'failed', reason: reason ?? 'ECS calls it failed' }
    }
    return { kind: 'going-on', condition: 'ECS has ended the failed rollout', doomed: true, reason }
  }
  return {
    kind: 'going-on',
    condition: falseCondition(watched, latest),
    doomed: false,
    reason: undefined,
  }
}

import { nameHook } from '../observation/lifecycle-hook.ts'
import { deploymentOf } from '../observation/observation.ts'
import type { ServiceDeploymentRecord } from '../observation/service-deployment-record.ts'
import { findStage, stages, type Stage } from '../observation/stage.ts'
import type { Memory, Standing, Watched } from './watch.ts'

/**
 * ECS's reason for a failure, with what it leaves out: which alarms went off, and which hook failed
 * at which stage. Untrusted text.
 */
export function failureReason({ deploymentId }: Watched, memory: Memory): string | undefined {
  const { service, record } = memory.latest
  const ours = deploymentOf(service, deploymentId)
  const alarms = record?.triggeredAlarms ?? []
  const named = alarms.length === 0 ? undefined : `alarm detected: ${alarms.join(', ')}`
  const failed = ours?.rolloutState === 'FAILED' ? ours.rolloutStateReason : undefined
  const told = record?.rollbackReason ?? record?.statusReason
  const reason = told === undefined ? (named ?? failed) : withAlarms(told, alarms)
  return reason && `${reason.replace(/\.$/, '')}${describeStanding(told ?? '', memory)}`
}

function withAlarms(reason: string, alarms: readonly string[]): string {
  const untold = /alarm/i.test(reason) ? alarms.filter((alarm) => !reason.includes(alarm)) : []
  return untold.length === 0 ? reason : `${reason.replace(/\.$/, '')}: ${untold.join(', ')}`
}

/** ECS says that a hook failed, not which one, and it tells its stage no more. */
function describeStanding(reason: string, { standing, latest }: Memory): string {
  const open = standing?.hooks.filter(({ status }) => status !== 'SUCCEEDED') ?? []
  if (standing !== undefined && open.length > 0) {
    return `, at stage ${[standing.stage, ...open.map(nameHook)].join(', ')}`
  }
  const seen = standing === undefined ? '' : `, last seen at stage ${standing.stage}`
  const ahead = /hook/i.test(reason) ? hooksAhead(latest.record, standing) : []
  if (ahead.length === 0) return seen
  return `${seen}: ${ahead.length === 1 ? '' : 'one of '}${ahead.join(', ')}`
}

/** The functions that may have failed between two looks: those of the stages that were to come. */
function hooksAhead(
  record: ServiceDeploymentRecord | undefined,
  standing: Standing | undefined,
): readonly string[] {
  const from = comesNext(findStage(standing?.stage))
  return (record?.hookSettings ?? []).flatMap(({ targetArn, lifecycleStages }) =>
    lifecycleStages
      .filter((stage) => targetArn !== undefined && stages.indexOf(stage) >= from)
      .map((stage) => `Lambda hook ${targetArn ?? ''} at stage ${stage}`),
  )
}

/** LINEAR and CANARY come back to the production shift with every step. */
function comesNext(stage: Stage | undefined): number {
  if (stage === undefined) return 0
  return stages.indexOf(
    stage === 'PRODUCTION_TRAFFIC_SHIFT' ? 'PRE_PRODUCTION_TRAFFIC_SHIFT' : stage,
  )
}

import type { ServiceDeploymentRecord } from '../observation/service-deployment-record.ts'
import { findStage, isAtOrPast, stages, type Stage } from '../observation/stage.ts'

/** How far a deployment has to come before the wait ends. */
export type WaitUntil =
  | { readonly kind: 'deployed' }
  /** All production traffic goes to the new revision. */
  | { readonly kind: 'traffic-shifted' }
  | { readonly kind: 'stage'; readonly stage: Stage }

export const waitUntilGrammar = `is none of deployed, traffic-shifted, stage:<name>; the stages are ${stages.join(', ')}`

/** @returns undefined where `text` is none of them. */
export function parseWaitUntil(text: string): WaitUntil | undefined {
  if (text === 'deployed' || text === 'traffic-shifted') return { kind: text }
  const stage = findStage(/^stage:(.*)$/.exec(text)?.[1]?.trim())
  return stage === undefined ? undefined : { kind: 'stage', stage }
}

export function describeWaitUntil(until: WaitUntil): string {
  return until.kind === 'stage' ? `stage:${until.stage}` : until.kind
}

/** The stage at which the wait ends; undefined: at the end of the deployment. */
export function stageAwaited(until: WaitUntil): Stage | undefined {
  if (until.kind === 'stage') return until.stage
  return until.kind === 'traffic-shifted' ? 'BAKE_TIME' : undefined
}

/**
 * Whether the deployment has come as far as is waited for, or farther. Never on the way back: a
 * rollback goes through the same stages. Weights that ECS tells must agree that the traffic moved.
 */
export function isReached(until: WaitUntil, record: ServiceDeploymentRecord): boolean {
  const stage = stageAwaited(until)
  if (stage === undefined || !isGoingForward(record)) return false
  if (!isAtOrPast(record.lifecycleStage, stage)) return false
  return until.kind === 'stage' || (record.target.productionTraffic ?? 100) >= 100
}

function isGoingForward(record: ServiceDeploymentRecord): boolean {
  return (
    record.status === 'IN_PROGRESS' &&
    !record.rollingBack &&
    record.breakerStatus !== 'TRIGGERED' &&
    record.alarmsStatus !== 'TRIGGERED' &&
    !record.hooks.some(({ status }) => status === 'FAILED')
  )
}

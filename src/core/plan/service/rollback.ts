import type { JsonObject } from '../../json.ts'
import type { RunningImage } from '../../rollout/observation/running-images.ts'
import { compareTaskDefinitions } from '../../task-definition/compare.ts'

/** One deployment of a service's history. */
export interface PastDeployment {
  readonly arn: string
  /** Raw (ECS API reference, ServiceDeployment.status). */
  readonly status: string
  readonly createdAt: Date
  readonly taskDefinitionArn: string
  /** Undefined where the revision is deleted, or ECS does not tell it any more. */
  readonly definition: JsonObject | undefined
  /** The digests that ECS resolved then. */
  readonly images: readonly RunningImage[]
}

/** Which deployment a rollback returns to, or why to none. */
export type RollbackTarget =
  | {
      readonly kind: 'found'
      readonly deployment: PastDeployment
      readonly definition: JsonObject
    }
  | { readonly kind: 'none'; readonly why: string }

/**
 * The newest SUCCESSFUL deployment that is older than the oldest deployment of the current
 * definition. Definitions are compared by content: the current one may have been deployed more than
 * once, and a rollback after a rollback must go further back, not forth to what was left.
 * @param history In any order; ECS keeps 90 days.
 */
export function chooseRollbackTarget(
  current: JsonObject,
  history: readonly PastDeployment[],
): RollbackTarget {
  const newestFirst = history.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime())
  const oldest = newestFirst.findLastIndex(
    ({ definition }) =>
      definition !== undefined && compareTaskDefinitions(definition, current).length === 0,
  )
  if (oldest === -1) {
    const why = 'ECS has no deployment of the current definition in its history of 90 days'
    return { kind: 'none', why }
  }
  for (const deployment of newestFirst.slice(oldest + 1)) {
    const { status, definition } = deployment
    if (status === 'SUCCESSFUL' && definition !== undefined) {
      return { kind: 'found', deployment, definition }
    }
  }
  const why = 'no SUCCESSFUL deployment of the last 90 days is older than the current definition'
  return { kind: 'none', why }
}

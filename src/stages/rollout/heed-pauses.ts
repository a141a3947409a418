import { ActionError } from '../../core/errors/action-error.ts'
import type { LifecycleHook } from '../../core/rollout/observation/lifecycle-hook.ts'
import {
  describePause,
  howToAnswer,
  pausesOf,
  type HookAction,
} from '../../core/rollout/verdict/pause.ts'
import type { ServiceDeploymentRecord } from '../../core/rollout/observation/service-deployment-record.ts'
import { answerHook } from './answer-hook.ts'
import type { Rollout } from './rollout.ts'

/** How a pause ends the wait. */
export type PauseEnd =
  | { readonly kind: 'paused'; readonly hook: LifecycleHook }
  /** The answer that was asked for could not be given; the deployment stays paused. */
  | { readonly kind: 'unanswered'; readonly hook: LifecycleHook; readonly cause: ActionError }

/**
 * Does what `on-pause` says about the pauses of the deployment, once for each.
 * @param heeded Ids of the hooks that it was done for; added to.
 * @throws the signal's reason when it aborts.
 */
export async function heedPauses(
  rollout: Rollout,
  record: ServiceDeploymentRecord,
  heeded: Set<string>,
): Promise<PauseEnd | undefined> {
  const { plan, ports } = rollout
  for (const hook of pausesOf(record)) {
    if (heeded.has(hook.id)) continue
    heeded.add(hook.id)
    const what = `${plan.service}: the deployment is paused by ${describePause(record, hook)}`
    switch (plan.wait.onPause) {
      case 'wait':
        ports.report.notice(`${what}. ${howToAnswer(record.arn, hook)}`)
        break
      case 'return':
        return { kind: 'paused', hook }
      case 'continue':
      case 'rollback': {
        const action = plan.wait.onPause === 'continue' ? 'CONTINUE' : 'ROLLBACK'
        ports.report.notice(`${what}; answering ${action}, as \`on-pause\` says`)
        const cause = await tryToAnswer(rollout, record, hook, action)
        if (cause !== undefined) return { kind: 'unanswered', hook, cause }
      }
    }
  }
  return undefined
}

/** @returns why the answer could not be given. */
async function tryToAnswer(
  { place, session, ports, rollback }: Rollout,
  { arn: deploymentArn }: ServiceDeploymentRecord,
  { id: hookId }: LifecycleHook,
  action: HookAction,
): Promise<ActionError | undefined> {
  try {
    const result = await answerHook({ deploymentArn, hookId, action }, place, session, ports)
    if (result.kind === 'answered' && action === 'ROLLBACK') {
      rollback.request = { kind: 'requested' }
    }
    return undefined
  } catch (error) {
    if (!(error instanceof ActionError) || ports.signal.aborted) throw error
    return error
  }
}

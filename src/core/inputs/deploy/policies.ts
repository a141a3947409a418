import type { InputReader } from '../reader.ts'

const endings = ['leave', 'rollback'] as const
/** What becomes of a deployment that does not end well: nothing, or ECS rolls it back. */
export type EndPolicy = (typeof endings)[number]

const supersededChoices = ['fail', 'succeed'] as const
const activeChoices = ['supersede', 'wait', 'refuse'] as const
export type ActiveDeploymentPolicy = (typeof activeChoices)[number]

/** What is done about deployments that fail, last too long, or are in somebody's way. */
export interface PolicyInputs {
  readonly onFailure: EndPolicy
  readonly onTimeout: EndPolicy
  readonly onCancel: EndPolicy
  /** `succeed`: that a newer deployment replaced ours does not make the run red. */
  readonly onSuperseded: (typeof supersededChoices)[number]
  /**
   * What is done about a deployment that is under way before ours. Undefined: it is superseded,
   * but a paused or returning one is left alone and ours refused.
   */
  readonly onActiveDeployment: ActiveDeploymentPolicy | undefined
}

export function readPolicies(reader: InputReader): PolicyInputs {
  const onFailure = reader.choice('on-failure', endings)
  if (onFailure === 'rollback' && !isAwaited(reader)) {
    reader.reject(
      'on-failure',
      'needs the wait: a failure is not seen with `wait-for-service-stability: false`',
    )
  }
  return {
    onFailure,
    onTimeout: reader.choice('on-timeout', endings),
    onCancel: reader.choice('on-cancel', endings),
    onSuperseded: reader.choice('on-superseded', supersededChoices),
    onActiveDeployment: reader.parsed(
      'on-active-deployment',
      `is none of ${activeChoices.join(', ')}`,
      (text) => activeChoices.find((choice) => choice === text),
    ),
  }
}

function isAwaited(reader: InputReader): boolean {
  return !/^false$/i.test(reader.text('wait-for-service-stability') ?? '')
}

import type { PolicyInputs } from '../../src/core/inputs/deploy/policies.ts'

/** What a run does where no policy is given. */
export const usualPolicies: PolicyInputs = {
  onFailure: 'leave',
  onTimeout: 'leave',
  onCancel: 'leave',
  onSuperseded: 'fail',
  onActiveDeployment: undefined,
}

import type { RunTaskInputs } from '../../src/core/inputs/deploy/run-task.ts'

/** A one-off task for which nothing was given. */
export const usualRunTask: RunTaskInputs = {
  when: 'off',
  cluster: 'default',
  containerOverrides: [],
  subnets: [],
  securityGroups: [],
  assignPublicIp: undefined,
  launchType: undefined,
  capacityProviderStrategy: undefined,
  startedBy: 'GitHub-Actions',
  tags: [],
  volume: undefined,
  container: undefined,
}

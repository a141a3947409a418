import type { Scenario } from './scenario-table.ts'

const unsupported = { outcome: 'refused', code: 'service-unsupported', changed: false } as const

/** What the action does not drive is refused by its name before anything is written. */
export const refused: readonly (Scenario & {
  readonly record: Readonly<Record<string, string | object>>
})[] = [
  {
    ...{ number: 20, what: 'a DAEMON', ...unsupported, says: 'DAEMON' },
    record: { schedulingStrategy: 'DAEMON' },
  },
  {
    ...{ number: 30, what: 'CodeDeploy', ...unsupported, says: 'CODE_DEPLOY' },
    record: { deploymentController: { type: 'CODE_DEPLOY' } },
  },
  {
    ...{ number: 31, what: 'an external controller', ...unsupported, says: 'EXTERNAL' },
    record: { deploymentController: { type: 'EXTERNAL' } },
  },
  {
    ...{ number: 32, what: 'Express Mode', ...unsupported, says: 'Express Mode' },
    record: { resourceManagementType: 'ECS' },
  },
]

import { describe, expect, it } from '@jest/globals'

import { endOfServices } from '../../../src/core/report/end-of-services.ts'
import { exitCodeOf } from '../../../src/core/report/run-end.ts'
import type { ServiceOutcome } from '../../../src/core/rollout/evidence/service-outcome.ts'

const service = (outcome: ServiceOutcome['outcome'], accepted = false): ServiceOutcome => ({
  ...{ cluster: 'prod', service: 'web', serviceArn: '', outcome },
  ...{ changed: true, verified: outcome === 'deployed' },
  ...{ taskDefinitionArn: '', previousTaskDefinitionArn: '' },
  ...{ deploymentId: undefined, deploymentArn: undefined, error: undefined },
  evidence: { reasons: [], stoppedTasks: [], events: [], runningImages: [] },
  ...(accepted && { accepted: true as const }),
})

describe('endOfServices', () => {
  it.each([
    ['deployed', 0, true, [service('deployed')]],
    ['superseded', 1, false, [service('superseded')]],
    ['superseded', 0, false, [service('superseded', true)]],
    ['superseded', 0, false, [service('deployed'), service('superseded', true)]],
    ['refused', 1, false, [service('refused'), service('superseded', true)]],
    ['superseded', 1, false, [service('superseded'), service('superseded', true)]],
    ['failed', 1, false, [service('superseded', true), service('failed')]],
    ['reverted', 0, false, [service('reverted'), service('deployed')]],
  ] as const)('is %s with exit code %i', (outcome, code, verified, services) => {
    const end = endOfServices(services)
    expect(end).toMatchObject({ outcome, verified })
    expect(exitCodeOf(end)).toBe(code)
  })
})

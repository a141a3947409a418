import { describe, expect, it } from '@jest/globals'

import { ActionError } from '../../../src/core/errors/action-error.ts'
import { AwsFailure } from '../../../src/core/errors/aws-failure.ts'
import { isFailedCall } from '../../../src/core/errors/failed-call.ts'

const about = { service: 'ECS', operation: 'DescribeTasks', message: 'no' }

describe('a call that came to nothing', () => {
  it.each([
    ['a refusal of AWS', new AwsFailure({ ...about, code: 'AccessDenied' }), true],
    ['credentials that are over', new ActionError('credentials-expired', 'over', 'Run.'), true],
    ['the end of the run', new ActionError('cancelled', 'the runner asked', 'Look.'), false],
    ['a defect', new TypeError('undefined is not a function'), false],
    ['no error', 'text', false],
  ])('is told from others: %s', (_what, error, expected) => {
    expect(isFailedCall(error)).toBe(expected)
  })
})

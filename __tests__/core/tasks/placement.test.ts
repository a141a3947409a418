import { describe, expect, it } from '@jest/globals'

import { explainPlacement, readPlacementFailure } from '../../../src/core/tasks/placement.ts'

describe('why a task is not placed', () => {
  it.each([
    ['RESOURCE:MEMORY', true, /no container instance .* has room/],
    ['RESOURCE:ENI', true, /has room/],
    ['AGENT', true, /agents .* not connected/],
    [
      'Capacity is unavailable at this time. Please try again later or in a different availability zone',
      true,
      /no capacity/,
    ],
    ['You’ve reached the limit on the number of vCPUs you can run concurrently', false, /quota/],
    ['ATTRIBUTE', false, /requires/],
    ['INACTIVE', false, /no active container instance/],
    ['SOMETHING NEW', false, /did not place/],
  ])('%s', (reason, passing, sentence) => {
    const explained = explainPlacement(reason)
    expect(explained).toMatchObject({ reason, passing })
    expect(explained.sentence).toMatch(sentence)
  })

  it('keeps what ECS adds to its reason', () => {
    const answer = { tasks: [], failures: [{ reason: 'RESOURCE:CPU', detail: 'i-1 has 64' }] }
    expect(readPlacementFailure(answer)).toMatchObject({
      ...{ reason: 'RESOURCE:CPU: i-1 has 64', passing: true },
    })
    expect(readPlacementFailure({ failures: [] })).toBeUndefined()
  })
})

import { expect, it } from '@jest/globals'

import { VirtualClock } from '../../../simulator/clock/virtual-clock.ts'
import { GitHubReport } from '../../../src/adapters/github/report.ts'
import { contentDigest } from '../../../src/core/image/content/verify.ts'
import { SimulatedClock } from '../../support/simulated-clock.ts'

it('keeps what was found out of each image, whatever is found out later', () => {
  const report = new GitHubReport(new SimulatedClock(new VirtualClock()))
  const [one, other] = [contentDigest('one'), contentDigest('other')]
  const sizes = { platforms: [], storedBytes: 1 }
  report.review(one, { cacheShare: { cachedSteps: 1, steps: 2 } })
  report.review(other, { sizes })
  report.review(one, { sizes })
  expect(report.facts.reviews).toEqual([
    { digest: one, sizes, scans: [], cacheShare: { cachedSteps: 1, steps: 2 } },
    { digest: other, sizes, scans: [] },
  ])
})

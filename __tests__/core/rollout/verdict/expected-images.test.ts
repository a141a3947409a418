import { describe, expect, it } from '@jest/globals'

import { parseDigest, type Digest } from '../../../../src/core/image/digest.ts'
import {
  compareExpected,
  pinnedImages,
} from '../../../../src/core/rollout/verdict/expected-images.ts'
import type { RunningImage } from '../../../../src/core/rollout/observation/running-images.ts'

const digest = (n: number): Digest => parseDigest(`sha256:${String(n).repeat(64)}`)
const app = (n: number): RunningImage => ({ container: 'app', digest: digest(n) })
const side = (n: number): RunningImage => ({ container: 'side', digest: digest(n) })

describe('pinnedImages', () => {
  it('takes the digests that the definition names, and nothing from tags', () => {
    const containerDefinitions = [
      { name: 'app', image: `host/web:v1@${digest(1)}` },
      { name: 'side', image: 'host/side:latest' },
    ]
    expect(pinnedImages({ containerDefinitions })).toEqual([app(1)])
  })
})

describe('compareExpected', () => {
  it.each([
    ['ours', 'a pinned digest runs', [app(1)], [app(1)], [app(1)], []],
    ['ours', 'what was resolved then is resolved again', [app(2)], [app(2)], [], [app(2)]],
    [
      'ours',
      'a task tells the platform beside the index',
      [app(1), app(3)],
      [app(1)],
      [app(1)],
      [],
    ],
    ['other', 'a tag names something else by now', [app(3)], [app(3)], [], [app(2)]],
    ['other', 'one of two is another', [app(1), side(4)], [app(1), side(4)], [app(1)], [side(2)]],
    ['no-evidence', 'nothing is known of then', [app(1)], [app(1)], [], []],
    ['no-evidence', 'nothing is known of now', [], [], [app(1)], [app(1)]],
    ['no-evidence', 'only a task tells another digest', [app(3)], [], [app(1)], [app(1)]],
  ] as const)('is %s where %s', (finding, _why, running, ofRevision, pinned, resolved) => {
    expect(compareExpected(running, ofRevision, { pinned, resolved })).toBe(finding)
  })
})

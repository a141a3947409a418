import { describe, expect, it } from '@jest/globals'
import {
  engineObstacle,
  parseEngine,
  type EnginePush,
} from '../../../../src/core/buildx/builder/docker-engine.ts'
import type { Platform } from '../../../../src/core/image/platform.ts'

/** As Docker prints them with each of its two stores. */
const containerd = [['driver-type', 'io.containerd.snapshotter.v1']]
const classic = [
  ['Backing Filesystem', 'extfs'],
  ['Supports d_type', 'true'],
]
const info = (version: string, status: unknown): string =>
  JSON.stringify({ ServerVersion: version, Driver: 'overlayfs', DriverStatus: status })

describe('parseEngine', () => {
  it.each([
    [info('29.1.0', containerd), { version: '29.1.0', hasContainerdStore: true }],
    [info('28.5.2', classic), { version: '28.5.2', hasContainerdStore: false }],
    [info('20.10.24+dfsg1', null), { version: '20.10.24+dfsg1', hasContainerdStore: false }],
  ])('of %s is %j', (text, engine) => {
    expect(parseEngine(text)).toEqual(engine)
  })

  it.each(['', 'Cannot connect', 'null', '{"ServerVersion":"","ServerErrors":["no daemon"]}'])(
    'knows nothing of %j',
    (text) => {
      expect(parseEngine(text)).toBeUndefined()
    },
  )
})

describe("the engine's own builder", () => {
  const one = ['linux/amd64'] as const
  const two = [...one, 'linux/arm64'] as const
  const plain = { byDigest: false, attested: false }
  const attested = { byDigest: false, attested: true }
  const byDigest = { byDigest: true, attested: false }
  const multi = 'can push multi-platform images only from Docker 28 on; this engine is'
  it.each<[string, boolean, readonly Platform[], EnginePush | undefined, string | undefined]>([
    ['28.0.0', true, two, attested, undefined],
    ['29.1.0-rc.1', true, two, attested, undefined],
    ['27.5.1', true, one, plain, undefined],
    [
      '27.5.1',
      true,
      one,
      attested,
      'can push attestations only from Docker 28 on; this engine is 27.5.1',
    ],
    ['27.5.1', true, two, plain, `${multi} 27.5.1`],
    ['not a version', true, two, plain, `${multi} not a version`],
    ['27.5.1', true, two, undefined, undefined],
    ['29.1.0', false, one, plain, 'needs the containerd image store'],
    ['29.1.0', false, two, undefined, 'needs the containerd image store'],
    ['29.1.0', true, one, byDigest, 'cannot push by digest'],
  ])(
    'of Docker %s (containerd store: %s), for %j, pushing %j: %s',
    (version, hasContainerdStore, platforms, push, obstacle) => {
      const told = engineObstacle({ version, hasContainerdStore }, platforms, push)
      if (obstacle === undefined) expect(told).toBeUndefined()
      else expect(told?.reason).toContain(obstacle)
    },
  )

  it('that cannot push attestations can do without them', () => {
    const old = { version: '26.1.5', hasContainerdStore: true }
    expect(engineObstacle(old, one, attested)?.instead).toContain('`provenance: false`')
    expect(engineObstacle(old, two, attested)?.instead).toBeUndefined()
  })
})

import { describe, expect, it } from '@jest/globals'
import { engineObstacle, parseEngine } from '../../../../src/core/buildx/builder/docker-engine.ts'

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
  const one = ['linux/amd64']
  const two = [...one, 'linux/arm64']
  it.each<[string, boolean, readonly string[], boolean, string | undefined]>([
    ['28.0.0', true, two, false, undefined],
    ['29.1.0-rc.1', true, two, false, undefined],
    ['27.5.1', true, one, false, undefined],
    ['27.5.1', true, two, false, 'from Docker 28 on; this is 27.5.1'],
    ['not a version', true, two, false, 'from Docker 28 on'],
    ['29.1.0', false, one, false, 'needs the containerd image store'],
    ['29.1.0', false, two, false, 'needs the containerd image store'],
    ['29.1.0', true, one, true, 'cannot push by digest'],
  ])(
    'of Docker %s (containerd store: %s), for %j, by digest %s: %s',
    (version, hasContainerdStore, platforms, byDigest, obstacle) => {
      const told = engineObstacle({ version, hasContainerdStore }, { platforms, byDigest })
      if (obstacle === undefined) expect(told).toBeUndefined()
      else expect(told).toContain(obstacle)
    },
  )
})

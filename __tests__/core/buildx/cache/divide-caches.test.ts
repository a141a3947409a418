import { describe, expect, it } from '@jest/globals'
import { divideCaches } from '../../../../src/core/buildx/cache/divide-caches.ts'
import type { BuildSpecification } from '../../../../src/core/plan/image/image-plan.ts'
import { buildSettings } from '../../../support/build-settings.ts'
import { imagePlan } from '../../../support/image-plan.ts'

const platformCaches = [
  { platform: 'linux/amd64', from: ['a'], to: ['a,mode=max'] },
  { platform: 'linux/arm64', from: ['b'], to: [] },
] as const
const build: BuildSpecification = {
  ...imagePlan().build,
  settings: buildSettings({ cacheFrom: ['ab'], cacheTo: ['ab,mode=max'] }),
  platformCaches,
}
const two = { name: 'two', driver: 'remote', nodes: 2 }

describe('divideCaches', () => {
  it('has a build by two nodes read all and write none, and then write what may be written', () => {
    const { specification, exports } = divideCaches(build, two)
    expect(specification).toEqual({
      ...build,
      settings: { ...build.settings, cacheFrom: ['a', 'b'], cacheTo: [] },
    })
    expect(exports).toEqual([platformCaches[0]])
  })

  it.each([
    ['one node', build, { ...two, nodes: 1 }],
    ['a builder that only a run can ask', build, { name: 'two', driver: 'remote' }],
    ['two nodes of one platform', { ...build, platforms: ['linux/arm64'] as const }, two],
    ['two nodes without a preset', { ...build, platformCaches: [] }, two],
  ])('leaves a build by %s as it is', (_what, specification, builder) => {
    expect(divideCaches(specification, builder)).toEqual({ specification, exports: [] })
  })
})

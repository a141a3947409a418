import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { builderName, ownBuilderName } from '../../../../src/core/buildx/builder/builder-name.ts'
import type { BuilderNode } from '../../../../src/core/inputs/build/builder-nodes.ts'
import type { OwnBuilder } from '../../../../src/core/inputs/build/builder.ts'
import { ownBuilder } from '../../../support/own-builder.ts'

const node: BuilderNode = {
  name: 'arm',
  endpoint: 'ssh://arm',
  platforms: ['linux/arm64', 'linux/arm/v7'],
  driverOptions: ['a=1', 'b=2'],
  buildkitdFlags: undefined,
}
const kept = ownBuilder({ keep: true, driverOptions: ['a=1', 'b=2'], nodes: [node] })

describe('builderName', () => {
  it('is one for equal settings, whatever the run and the order, where the builder is kept', () => {
    const turned = {
      ...kept,
      driverOptions: ['b=2', 'a=1'],
      nodes: [
        {
          ...node,
          platforms: node.platforms.toReversed(),
          driverOptions: node.driverOptions.toReversed(),
        },
      ],
    }
    expect(builderName(turned, 'run 2')).toBe(builderName(kept, 'run 1'))
    expect(builderName(kept, 'run 1')).toMatch(ownBuilderName)
  })

  it.each<[string, Partial<OwnBuilder>]>([
    ['driver', { driver: 'remote' }],
    ['endpoint', { endpoint: 'ssh://amd' }],
    ['option', { driverOptions: ['a=1'] }],
    ['flag', { buildkitdFlags: '--debug' }],
    ['configuration', { buildkitdConfig: 'debug = true' }],
    ['number of nodes', { nodes: [] }],
    ["node's name", { nodes: [{ ...node, name: undefined }] }],
    ["node's endpoint", { nodes: [{ ...node, endpoint: 'ssh://other' }] }],
    ["node's platform", { nodes: [{ ...node, platforms: ['linux/arm64'] }] }],
    ["node's option", { nodes: [{ ...node, driverOptions: [] }] }],
    ["node's flag", { nodes: [{ ...node, buildkitdFlags: '--debug' }] }],
  ])('is another for another %s', (_what, difference) => {
    expect(builderName({ ...kept, ...difference }, 'run')).not.toBe(builderName(kept, 'run'))
  })

  it('belongs to the run where the builder is taken away afterwards', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        fc.pre(one !== other)
        const passing = { ...kept, keep: false }
        return builderName(passing, one) !== builderName(passing, other)
      }),
    )
  })

  it('tells settings apart that would read alike when put together', () => {
    const joined = { ...kept, driverOptions: ['a=1,b=2'] }
    expect(builderName(joined, 'run')).not.toBe(builderName(kept, 'run'))
  })
})

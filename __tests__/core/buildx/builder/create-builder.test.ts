import { describe, expect, it } from '@jest/globals'
import {
  appendNodeArguments,
  createBuilderArguments,
  nodeNameOf,
} from '../../../../src/core/buildx/builder/create-builder.ts'
import type { BuilderNode } from '../../../../src/core/inputs/build/builder-nodes.ts'
import { ownBuilder } from '../../../support/own-builder.ts'

const none = { tls: undefined, buildkitdConfig: undefined }
const tls = { cacert: '/c/ca', cert: '/c/cert', key: '/c/key' }
const start = ['buildx', 'create', '--name=x']

describe('createBuilderArguments', () => {
  it('grant nothing and set nothing that was not asked for', () => {
    expect(createBuilderArguments(ownBuilder(), 'x', none)).toEqual([
      ...start,
      '--driver=docker-container',
    ])
  })

  it('hand on flags, options and a configuration, each in one argument', () => {
    const builder = ownBuilder({
      driverOptions: ['env.X=a b', 'network=host'],
      buildkitdFlags: '--debug --addr "unix:///x y"',
    })
    expect(createBuilderArguments(builder, 'x', { ...none, buildkitdConfig: '/c/toml' })).toEqual([
      ...start,
      '--driver=docker-container',
      '--driver-opt=env.X=a b',
      '--driver-opt=network=host',
      '--buildkitd-flags=--debug --addr "unix:///x y"',
      '--config=/c/toml',
    ])
  })

  it('give TLS files to the remote driver, and the endpoint where it can be no option', () => {
    const builder = ownBuilder({ driver: 'remote', endpoint: 'tcp://b:1', driverOptions: ['a=1'] })
    expect(createBuilderArguments(builder, 'x', { ...none, tls })).toEqual([
      ...start,
      '--driver=remote',
      '--driver-opt=a=1',
      '--driver-opt=cacert=/c/ca',
      '--driver-opt=cert=/c/cert',
      '--driver-opt=key=/c/key',
      '--',
      'tcp://b:1',
    ])
  })
})

describe('appendNodeArguments', () => {
  const node: BuilderNode = {
    name: undefined,
    endpoint: 'ssh://arm',
    platforms: [],
    driverOptions: [],
    buildkitdFlags: undefined,
  }

  it.each<[string, Partial<BuilderNode>, readonly string[]]>([
    ['nothing else', {}, []],
    [
      'platforms',
      { platforms: ['linux/arm64', 'linux/arm/v7'] },
      ['--platform=linux/arm64,linux/arm/v7'],
    ],
    ['options', { driverOptions: ['a=1'] }, ['--driver-opt=a=1']],
    ['flags', { buildkitdFlags: '--debug' }, ['--buildkitd-flags=--debug']],
  ])('of a node with %s', (_what, difference, expected) => {
    expect(appendNodeArguments('x', 'x1', { ...node, ...difference }, undefined)).toEqual([
      ...start,
      '--append',
      '--node=x1',
      ...expected,
      '--',
      'ssh://arm',
    ])
  })

  it('give TLS without a client certificate, too', () => {
    const files = { cacert: '/c/ca', cert: undefined, key: undefined }
    expect(appendNodeArguments('x', 'x1', node, files)).toContain('--driver-opt=cacert=/c/ca')
    expect(appendNodeArguments('x', 'x1', node, files).join(' ')).not.toContain('key')
  })

  it('name a node without a name after the builder and its place', () => {
    expect([nodeNameOf('x', node, 1), nodeNameOf('x', { ...node, name: 'arm' }, 2)]).toEqual([
      'x1',
      'arm',
    ])
  })
})

import { describe, expect, it } from '@jest/globals'
import {
  missingTlsPart,
  takesTls,
  tlsVariable,
  type TlsPart,
} from '../../../../src/core/buildx/builder/node-tls.ts'

describe('TLS of a node', () => {
  it('comes in the variables of docker/setup-buildx-action', () => {
    expect(tlsVariable(0, 'cacert')).toBe('BUILDER_NODE_0_AUTH_TLS_CACERT')
    expect(tlsVariable(11, 'key')).toBe('BUILDER_NODE_11_AUTH_TLS_KEY')
  })

  it.each<[string, string | undefined, boolean]>([
    ['remote', 'tcp://b:1', true],
    ['remote', 'unix:///run/buildkitd.sock', false],
    ['remote', 'docker-container://buildkitd', false],
    ['remote', undefined, false],
    ['docker-container', 'tcp://b:1', false],
    ['docker-container', 'ssh://b', false],
  ])('with the %s driver and the endpoint %s: %s', (driver, endpoint, takes) => {
    expect(takesTls(driver, endpoint)).toBe(takes)
  })

  it.each<[readonly TlsPart[], TlsPart | undefined]>([
    [['cacert'], undefined],
    [['cacert', 'cert', 'key'], undefined],
    [['cacert', 'cert'], 'key'],
    [['cacert', 'key'], 'cert'],
    [['cert', 'key'], 'cacert'],
    [['key'], 'cacert'],
  ])('with %j lacks %s', (given, missing) => {
    expect(missingTlsPart(given)).toBe(missing)
  })
})

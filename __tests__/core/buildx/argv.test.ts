import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  buildArguments,
  type BuildTarget,
  type SecretSource,
} from '../../../src/core/buildx/argv.ts'
import type { BuildSettings } from '../../../src/core/inputs/build/build-settings.ts'
import type { BuildSpecification } from '../../../src/core/plan/image/image-plan.ts'
import { buildSettings } from '../../support/build-settings.ts'

const destination = {
  builder: { name: 'steadyship-1', driver: 'docker-container' },
  target: { kind: 'push', reference: 'host/team/app:sha-1' } as const,
  metadataFile: '/temporary/metadata.json',
}
const specification: BuildSpecification = {
  contextDirectory: '/workspace/app',
  dockerfile: '/workspace/app/Dockerfile',
  target: undefined,
  buildArguments: [],
  platforms: ['linux/amd64', 'linux/arm64'],
  noCache: false,
  pull: false,
  labels: {},
  annotations: {},
  furtherAnnotations: [],
  settings: buildSettings(),
}
const argv = (
  differences: Partial<BuildSpecification> = {},
  secrets: readonly SecretSource[] = [],
): readonly string[] => buildArguments({ ...specification, ...differences }, destination, secrets)
const outputOf = (target: BuildTarget): string | undefined =>
  buildArguments(specification, { ...destination, target }).find((argument) =>
    argument.startsWith('--output='),
  )
const added = (given: readonly string[]): readonly string[] =>
  given.filter((argument) => !argv().includes(argument))

describe('buildArguments', () => {
  it('pushes without a tag, or not at all, where that is asked for', () => {
    expect(outputOf({ kind: 'push-by-digest', repositoryUri: 'host/app' })).toBe(
      '--output=type=image,name=host/app,push-by-digest=true,name-canonical=true,push=true,oci-mediatypes=true',
    )
    expect(outputOf({ kind: 'keep' })).toBe('--output=type=image,push=false,oci-mediatypes=true')
  })

  it('loads into the engine before the push, whose digest is told last', () => {
    const { exporters } = buildSettings({ exporters: ['type=oci,dest=out.tar'] })
    const settings = buildSettings({ exporters })
    const loaded = argv({ loadAs: 'host/team/app:sha-1', settings })
    expect(loaded.filter((argument) => argument.startsWith('--output='))).toEqual([
      '--output=type=oci,dest=out.tar',
      '--output=type=docker,name=host/team/app:sha-1',
      '--output=type=image,name=host/team/app:sha-1,push=true,oci-mediatypes=true',
    ])
  })

  it.each([
    [
      'pushed',
      destination.target,
      '--output=type=image,name=host/team/app:sha-1,push=true,oci-mediatypes=true',
    ],
    [
      'not pushed',
      { kind: 'keep' } as const,
      '--output=type=image,name=host/team/app:sha-1,push=false,oci-mediatypes=true',
    ],
  ])(
    "has one exporter for the engine's own builder, which keeps what it names: %s",
    (_what, target, output) => {
      const builder = { name: 'default', driver: 'docker' }
      const loaded = { ...specification, loadAs: 'host/team/app:sha-1' }
      const given = buildArguments(loaded, { ...destination, target, builder })
      expect(given.filter((argument) => argument.startsWith('--output='))).toEqual([output])
    },
  )

  it('says all that a plain build needs', () => {
    expect(argv()).toEqual([
      'buildx',
      'build',
      '--builder=steadyship-1',
      '--progress=plain',
      '--platform=linux/amd64,linux/arm64',
      '--file=/workspace/app/Dockerfile',
      '--provenance=mode=min',
      '--metadata-file=/temporary/metadata.json',
      '--output=type=image,name=host/team/app:sha-1,push=true,oci-mediatypes=true',
      '/workspace/app',
    ])
  })

  it.each<[Partial<BuildSpecification>, readonly string[]]>([
    [{ target: 'runner' }, ['--target=runner']],
    [{ buildArguments: ['A=1,2', 'B'] }, ['--build-arg=A=1,2', '--build-arg=B']],
    [{ noCache: true, pull: true }, ['--no-cache', '--pull']],
    [{ labels: { b: '2', a: '1 "x"' } }, ['--label=a=1 "x"', '--label=b=2']],
    [{ annotations: { k: 'v=w' } }, ['--annotation=manifest:k=v=w']],
    [
      { furtherAnnotations: [{ place: 'index', key: 'k', value: 'v' }] },
      ['--annotation=index:k=v'],
    ],
  ])('with %j adds %j', (differences, expected) => {
    expect(added(argv(differences))).toEqual(expected)
  })

  it.each<[Partial<BuildSettings>, readonly string[]]>([
    [
      { buildContexts: ['src=../s,1', 'b=docker-image://a'] },
      ['--build-context=src=../s,1', '--build-context=b=docker-image://a'],
    ],
    [{ addHosts: ['a:1.2.3.4', 'b=::1'] }, ['--add-host=a:1.2.3.4', '--add-host=b=::1']],
    [{ allow: ['network.host'] }, ['--allow=network.host']],
    [{ ulimits: ['nofile=1:2'] }, ['--ulimit=nofile=1:2']],
    [{ noCacheFilters: ['a', 'b'] }, ['--no-cache-filter=a', '--no-cache-filter=b']],
    [{ ssh: ['default', 'k=/a,/b'] }, ['--ssh=default', '--ssh=k=/a,/b']],
    [{ network: 'none' }, ['--network=none']],
    [{ shmSize: '1g' }, ['--shm-size=1g']],
    [{ cgroupParent: '/ci' }, ['--cgroup-parent=/ci']],
    [{ cacheFrom: ['type=gha'] }, ['--cache-from=type=gha']],
    [{ cacheTo: ['type=gha,mode=max'] }, ['--cache-to=type=gha,mode=max']],
    [{ exporters: ['type=oci,"dest=a,b"'] }, ['--output=type=oci,"dest=a,b"']],
    [
      { attestations: { provenance: 'false', sbom: 'true', attests: ['type=x'] } },
      ['--provenance=false', '--sbom=true', '--attest=type=x'],
    ],
    [
      { compression: 'zstd' },
      [
        '--output=type=image,name=host/team/app:sha-1,push=true,oci-mediatypes=true,compression=zstd,force-compression=true',
      ],
    ],
  ])('with the setting %j adds %j', (differences, expected) => {
    expect(added(argv({ settings: buildSettings(differences) }))).toEqual(expected)
  })

  it('pushes last, so that the metadata file tells the digest of the push', () => {
    const given = argv({ settings: buildSettings({ exporters: ['type=oci,dest=a'] }) })
    const outputs = given.filter((argument) => argument.startsWith('--output='))
    expect(outputs).toEqual(['--output=type=oci,dest=a', expect.stringContaining('push=true')])
  })

  it('leaves the provenance to an attest that says it', () => {
    const attestations = { provenance: undefined, sbom: undefined, attests: ['type=provenance'] }
    const given = argv({ settings: buildSettings({ attestations }) })
    expect(given.filter((argument) => argument.startsWith('--provenance'))).toEqual([])
  })

  it('says where secrets are', () => {
    const secrets: readonly SecretSource[] = [
      { id: 'npm', variable: 'NPM_TOKEN' },
      { id: 'rc', file: '/a,"b"' },
    ]
    expect(added(argv({}, secrets))).toEqual([
      '--secret=id=npm,env=NPM_TOKEN',
      '--secret=id=rc,"src=/a,""b"""',
    ])
  })
})

/** The settings that are lists, and the flag of each. */
const listFlags = {
  buildContexts: 'build-context',
  addHosts: 'add-host',
  allow: 'allow',
  ulimits: 'ulimit',
  noCacheFilters: 'no-cache-filter',
  ssh: 'ssh',
  cacheFrom: 'cache-from',
  cacheTo: 'cache-to',
} as const

describe('whatever the values are', () => {
  const values = fc.array(fc.oneof(fc.string(), fc.constantFrom('--push', '-', '--', '$(x)', ';')))
  const one = fc.option(fc.string(), { nil: undefined })
  const lists = fc.record({
    buildContexts: values,
    addHosts: values,
    allow: values,
    ulimits: values,
    noCacheFilters: values,
    ssh: values,
    cacheFrom: values,
    cacheTo: values,
  })

  it('each is one element with its flag, in order', () => {
    fc.assert(
      fc.property(lists, values, one, (settings, buildArgs, network) => {
        const given = argv({
          buildArguments: buildArgs,
          settings: buildSettings({ ...settings, network }),
        })
        const expected = { ...settings, buildArgs, network: network === undefined ? [] : [network] }
        expect(given).toHaveLength(argv().length + Object.values(expected).flat().length)
        for (const [name, flag] of Object.entries(listFlags)) {
          const mark = `--${flag}=`
          const found = given.filter((argument) => argument.startsWith(mark))
          const list = settings[name as keyof typeof listFlags]
          expect(found.map((argument) => argument.slice(mark.length))).toEqual(list)
        }
        // No value is an option: all but the two verbs and the context begin with a flag of ours.
        expect(given.slice(2, -1).every((argument) => /^--[a-z-]+(=|$)/.test(argument))).toBe(true)
        expect(given.filter((argument) => argument === '--push')).toEqual([])
        expect(given.at(-1)).toBe(specification.contextDirectory)
      }),
      { numRuns: 1000 },
    )
  })

  it('labels and annotations keep theirs', () => {
    const record = fc.dictionary(fc.string(), fc.string())
    fc.assert(
      fc.property(record, record, (labels, annotations) => {
        const given = argv({ labels, annotations })
        for (const [key, value] of Object.entries(labels)) {
          expect(given).toContain(`--label=${key}=${value}`)
        }
        for (const [key, value] of Object.entries(annotations)) {
          expect(given).toContain(`--annotation=manifest:${key}=${value}`)
        }
      }),
      { numRuns: 500 },
    )
  })
})

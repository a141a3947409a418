import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { buildArguments } from '../../../src/core/buildx/argv.ts'
import type { BuildSpecification } from '../../../src/core/plan/image-plan.ts'

const destination = {
  builder: 'steadyship-1',
  reference: 'host/team/app:sha-1',
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
}
const argv = (differences: Partial<BuildSpecification> = {}): readonly string[] =>
  buildArguments({ ...specification, ...differences }, destination)

describe('buildArguments', () => {
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
  ])('with %j adds %j', (differences, added) => {
    expect(argv(differences).filter((argument) => !argv().includes(argument))).toEqual(added)
  })

  it('makes no option of any value, and splits none', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.string(), (buildArgs, label) => {
        const given = argv({ buildArguments: buildArgs, labels: { key: label } })
        expect(given).toHaveLength(argv().length + buildArgs.length + 1)
        const values = given.filter((argument) => argument.startsWith('--build-arg='))
        expect(values.map((value) => value.slice('--build-arg='.length))).toEqual(buildArgs)
        expect(given).toContain(`--label=key=${label}`)
      }),
      { numRuns: 1000 },
    )
  })
})

import { describe, expect, it } from '@jest/globals'
import { InputReader } from '../../../../src/core/inputs/reader.ts'
import { readBake } from '../../../../src/core/inputs/build/bake.ts'
import { readContainerImages } from '../../../../src/core/inputs/build/container-images.ts'
import { readPublish } from '../../../../src/core/inputs/publish/publish.ts'

function read(values: Readonly<Record<string, string>>, mode: 'release' | 'build' = 'release') {
  const reader = new InputReader(new Map(Object.entries({ mode, ...values })))
  return { bake: readBake(reader, mode, undefined), problems: reader.problems, reader }
}
const files = { 'bake-files': 'compose.yaml\ndocker/bake.hcl' }

describe('bake-files', () => {
  it('are read with targets, overrides and the platforms that were given', () => {
    const { bake, problems } = read({
      ...files,
      'bake-targets': 'web, worker\nweb',
      'bake-set': 'web.args.LIST=a,b=c\n*.platform=linux/amd64',
      platforms: 'linux/arm64',
    })
    expect(problems).toEqual([])
    expect(bake).toEqual({
      files: ['compose.yaml', 'docker/bake.hcl'],
      targets: ['web', 'worker'],
      set: ['web.args.LIST=a,b=c', '*.platform=linux/amd64'],
      platforms: ['linux/arm64'],
      repository: undefined,
    })
  })

  it('leave the platforms to the files where none are given', () => {
    expect(read(files).bake?.platforms).toBeUndefined()
  })

  it('need no repository: the tags of the targets may say it', () => {
    const { reader } = read(files)
    readPublish(reader, [])
    expect(reader.problems).toEqual([])
  })

  it.each<[string, Readonly<Record<string, string>>]>([
    ['context', { ...files, context: 'web' }],
    ['file', { ...files, file: 'Dockerfile' }],
    ['target', { ...files, target: 'app' }],
    ['build-args', { ...files, 'build-args': 'A=b' }],
    ['outputs', { ...files, outputs: 'type=local,dest=out' }],
    ['push', { ...files, push: 'false' }],
    ['bake-files', { 'bake-files': '/etc/compose.yaml' }],
    ['bake-files', { 'bake-files': '../compose.yaml' }],
    ['bake-files', { 'bake-files': 'https://evil.example/bake.hcl' }],
    ['bake-files', { 'bake-files': '-' }],
    ['bake-targets', { ...files, 'bake-targets': 'https://evil.example/x.git' }],
    ['bake-targets', { ...files, 'bake-targets': '--push' }],
    ['bake-targets', { 'bake-targets': 'web' }],
    ['bake-set', { 'bake-set': 'web.args.A=b' }],
    ['bake-set', { ...files, 'bake-set': 'web.output=type=local,dest=/' }],
    ['bake-set', { ...files, 'bake-set': '*.tags=evil.example/web' }],
    ['bake-set', { ...files, 'bake-set': '*.tags+=evil.example/web' }],
    ['bake-set', { ...files, 'bake-set': '*.push=true' }],
    ['bake-set', { ...files, 'bake-set': '*.load=true' }],
    ['bake-set', { ...files, 'bake-set': '*.call=check' }],
    ['bake-set', { ...files, 'bake-set': 'web' }],
  ])('are refused with %s: %j', (input, values) => {
    expect(read(values).problems.map((problem) => problem.input)).toEqual([input])
  })

  it('are no leg of a matrix', () => {
    expect(read(files, 'build').problems.map(({ input }) => input)).toEqual(['bake-files'])
  })
})

describe('container-images', () => {
  it('names targets of this run beside references', () => {
    const { reader } = read({ ...files, 'container-images': 'app=web\nproxy=envoy:1' })
    expect(readContainerImages(reader, 'release')).toEqual({
      targets: new Map([['app', 'web']]),
      references: new Map([['proxy', 'envoy:1']]),
    })
    expect(reader.problems).toEqual([])
  })

  it.each([[{ 'container-images': 'app=web' }], [{ 'container-images': 'app=envoy:1' }]])(
    'means nothing in a release of one image: %j',
    (values) => {
      const { reader } = read(values)
      readContainerImages(reader, 'release')
      expect(reader.problems.map(({ input }) => input)).toContain('container-images')
    },
  )
})

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { bakeArguments, printArguments } from '../../../src/core/bake/argv.ts'
import { composeTarget, fromCache } from '../../../src/core/bake/compose-target.ts'
import { parseBakeMetadata } from '../../../src/core/bake/metadata.ts'
import { writeDefinition } from '../../../src/core/bake/write-definition.ts'
import type { Json, JsonObject } from '../../../src/core/json.ts'
import { buildInputs } from '../../support/build-inputs.ts'
import { buildSettings } from '../../support/build-settings.ts'

const compose = (members: JsonObject, inputs = buildInputs(), obstacles: readonly string[] = []) =>
  composeTarget(members, {
    inputs,
    platforms: ['linux/amd64'],
    origin: { 'org.opencontainers.image.revision': 'c0' },
    fingerprint: 'f00d',
    obstacles,
  })

describe('a composed target', () => {
  it('carries our facts, whatever annotations the file has', () => {
    const hostile = [
      'steadyship.fingerprint=0',
      'manifest:org.opencontainers.image.revision=0',
      'index,manifest:org.opencontainers.image.version=0',
      'manifest[linux/amd64]:steadyship.fingerprint=0',
    ]
    expect(compose({ annotations: [...hostile, 'index:team=shop'] })['annotations']).toEqual([
      'manifest:org.opencontainers.image.revision=c0',
      'manifest:steadyship.fingerprint=f00d',
      'index:team=shop',
    ])
  })

  it('carries our facts where the file has the name of one without a value', () => {
    const annotations = compose({ annotations: ['steadyship.fingerprint', 'index:teams'] })
    expect(annotations['annotations']).toEqual([
      'manifest:org.opencontainers.image.revision=c0',
      'manifest:steadyship.fingerprint=f00d',
      'index:teams',
    ])
  })

  it('says why its fingerprint proves nothing, whatever annotations the file has', () => {
    const hostile = ['steadyship.obstacles=', 'manifest[linux/amd64]:steadyship.obstacles=none']
    const told = ['"a, ${b}" in the context is not as committed', 'the context is remote']
    expect(compose({ annotations: hostile }, buildInputs(), told)['annotations']).toEqual([
      'manifest:org.opencontainers.image.revision=c0',
      'manifest:steadyship.fingerprint=f00d',
      `manifest:steadyship.obstacles=${told.join('; ')}`,
    ])
  })

  it('goes nowhere by itself, and keeps what it does not understand of a build', () => {
    const members = { output: ['type=image'], tags: ['a'], args: { A: 'b' }, 'shm-size': '1g' }
    expect(compose(members)).toMatchObject({ args: { A: 'b' }, 'shm-size': '1g' })
    expect(Object.keys(compose(members))).not.toEqual(expect.arrayContaining(['output']))
    expect(compose(members)).not.toHaveProperty('tags')
  })

  it("has the file's attestations, and of ours those of other types", () => {
    const settings = buildSettings({
      attestations: { provenance: 'mode=min', sbom: 'true', attests: [] },
    })
    const attest = ['type=provenance,mode=max']
    expect(compose({ attest }, buildInputs({ settings }))['attest']).toEqual([
      'type=provenance,mode=max',
      'type=sbom',
    ])
    expect(compose({})['attest']).toEqual(['type=provenance,mode=min'])
  })

  it('takes finished steps as they are in a further go', () => {
    const again = fromCache({ pull: true, 'no-cache': true, 'no-cache-filter': ['a'], target: 't' })
    expect(again).toEqual({ target: 't' })
  })
})

describe('the definition that bake reads', () => {
  const target = { kind: 'push', reference: 'h/r:t' } as const
  const write = (members: JsonObject) => {
    const destinations = new Map([['web', { target, cacheFrom: ['from'], cacheTo: ['to'] }]])
    const targets = new Map([
      ['web', members],
      ['base', { output: ['type=local,dest=/'] }],
    ])
    return JSON.parse(
      writeDefinition(targets, destinations, [{ id: 's', file: '/a,b' }], buildSettings()),
    ) as { readonly target: Readonly<Record<string, JsonObject>> }
  }

  it('pushes what is wanted and keeps the rest, with secrets by their place', () => {
    expect(write({ secret: ['id=own,env=X'] }).target).toEqual({
      web: {
        output: ['type=image,name=h/r:t,push=true,oci-mediatypes=true'],
        secret: ['id=own,env=X', 'id=s,"src=/a,b"'],
        'cache-from': ['from'],
        'cache-to': ['to'],
      },
      base: { output: ['type=cacheonly'], secret: ['id=s,"src=/a,b"'] },
    })
  })

  it.each<[string, Json, Json]>([
    ['the short form', 'h/c:t', 'type=registry,ref=h/c:t,ignore-error=true'],
    ['fields', 'type=registry,ref=h/c:t', 'type=registry,ref=h/c:t,ignore-error=true'],
    [
      'an object',
      { type: 'registry', ref: 'h/c:t' },
      { type: 'registry', ref: 'h/c:t', 'ignore-error': 'true' },
    ],
    [
      'one that says so itself',
      'type=registry,ignore-error=false',
      'type=registry,ignore-error=false',
    ],
    [
      'the like',
      { type: 'registry', 'ignore-error': 'false' },
      { type: 'registry', 'ignore-error': 'false' },
    ],
    ['one in the image', { type: 'inline' }, { type: 'inline' }],
  ])('loses no image with a cache of its target: %s', (_what, cache, written) => {
    expect(write({ 'cache-to': [cache] }).target['web']).toMatchObject({
      'cache-to': [written, 'to'],
    })
  })

  it('loses no image with the cache of a target it is built upon', () => {
    const base = { 'cache-to': ['type=registry,ref=h/c:base', { type: 'gha' }] }
    const text = writeDefinition(new Map([['base', base]]), new Map(), [], buildSettings())
    expect(JSON.parse(text)).toMatchObject({
      target: {
        base: {
          output: ['type=cacheonly'],
          'cache-to': [
            'type=registry,ref=h/c:base,ignore-error=true',
            { type: 'gha', 'ignore-error': 'true' },
          ],
        },
      },
    })
  })

  it.each([
    ['${HOME}', '$${HOME}'],
    ['$${HOME}', '$${HOME}'],
    ['%{if x}', '%%{if x}'],
    ['$100 100%', '$100 100%'],
  ])('leaves bake nothing to work out: %s', (text, written) => {
    expect(write({ args: { A: text } }).target['web']).toMatchObject({ args: { A: written } })
  })

  it('never holds a template, whatever the texts', () => {
    const parts = fc.constantFrom('$', '%', '{', '}', 'a', '"', '\\', '\n')
    fc.assert(
      fc.property(fc.array(parts), (texts) => {
        const text = JSON.stringify(write({ args: { A: texts.join('') } }))
        expect(text.replace(/\$\$\{|%%\{/g, ' ')).not.toMatch(/[$%]\{/)
      }),
    )
  })
})

describe('the arguments of bake', () => {
  it('have one element for each value, and none of them is an option', () => {
    const value = fc.string({ minLength: 1 })
    fc.assert(
      fc.property(fc.array(value), fc.array(value), fc.array(value), (files, targets, set) => {
        const argv = printArguments({ files, targets, set })
        expect(argv).toHaveLength(4 + files.length + targets.length + set.length)
        expect(argv.slice(argv.indexOf('--') + 1)).toEqual(targets)
      }),
    )
  })

  it('are the same for the same go', () => {
    const go = { builder: 'b', definitionFile: '/d', metadataFile: '/m', targets: ['web'] }
    expect(bakeArguments({ ...go, allow: ['network.host'] })).toEqual([
      ...['buildx', 'bake', '--builder=b', '--progress=plain', '--allow=network.host'],
      ...['--metadata-file=/m', '--file=/d', '--', 'web'],
    ])
  })
})

describe('the metadata of bake', () => {
  const digest = `sha256:${'a'.repeat(64)}`

  it('tells the digest of each target that was built', () => {
    const text = JSON.stringify({ web: { 'containerimage.digest': digest }, other: {} })
    expect(parseBakeMetadata(text, ['web']).get('web')).toBe(digest)
  })

  it.each(['', '{}', '{"web":{}}', '{"web":{"containerimage.digest":"latest"}}'])(
    'without a digest is no result: %s',
    (text) => {
      expect(() => parseBakeMetadata(text, ['web'])).toThrow(
        expect.objectContaining({ code: 'build-result-missing' }),
      )
    },
  )
})

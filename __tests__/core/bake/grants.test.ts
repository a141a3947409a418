import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { grantsOf, type GrantedSources } from '../../../src/core/bake/grants.ts'

const allowed = (sources: GrantedSources) => grantsOf(sources, '/w').allow

describe('what bake may reach', () => {
  it.each<[string, GrantedSources, readonly string[]]>([
    ['a secret in a file', { secrets: [{ id: 'a', file: '/t/secret' }] }, ['fs.read=/t/secret']],
    ['no variable', { secrets: [{ id: 'a', variable: 'A' }] }, []],
    ['the agent', { ssh: ['default'] }, ['ssh']],
    ['a socket', { ssh: ['default=/run/agent'] }, ['fs.read=/run/agent']],
    ['keys', { ssh: ['k=/a,keys/b'] }, ['fs.read=/a', 'fs.read=/w/keys/b']],
    ['a key whose path has a sign', { ssh: ['k=/a=b'] }, ['fs.read=/a=b']],
    ['a cache that is read', { cacheFrom: ['type=local,src=/c'] }, ['fs.read=/c']],
    ['one that is written', { cacheTo: ['type=local,"dest=../c,d"'] }, ['fs.write=/c,d']],
    ['no cache elsewhere', { cacheFrom: ['h/r:t'], cacheTo: ['type=registry,ref=h/r:t'] }, []],
    [
      'each once',
      { ssh: ['default', 'b'], cacheFrom: ['type=local,src=/a', 'type=local,src=/a'] },
      ['fs.read=/a', 'ssh'],
    ],
    ['a folder of ours', { folders: ['/t/stage'] }, ['fs.write=/t/stage']],
    [
      'no cache in the workspace',
      { cacheFrom: ['type=local,src=a', 'type=local,src=/w/b'], cacheTo: ['type=local,dest=a'] },
      [],
    ],
    [
      'one that only seems to be in it',
      { cacheFrom: ['type=local,src=/wider'], cacheTo: ['type=local,dest=../a'] },
      ['fs.read=/wider', 'fs.write=/a'],
    ],
  ])('is %s', (_what, sources, expected) => {
    expect(allowed(sources)).toEqual(expected)
  })

  it('is never everything, however a path is written', () => {
    const path = fc.oneof(fc.constantFrom('*', '**', '', '.'), fc.string())
    fc.assert(
      fc.property(path, (text) => {
        const ssh = [`k=${text}`]
        const cacheTo = [`type=local,dest=${text}`]
        for (const value of allowed({ ssh, cacheTo, secrets: [{ id: 's', file: text }] })) {
          expect(value).toMatch(/^fs\.(read|write)=\//)
        }
      }),
    )
  })

  it('tells which folders must be there to be written, and makes none in the workspace', () => {
    const cacheTo = ['type=local,dest=a', 'type=local,dest=/b']
    const sources = { cacheFrom: ['type=local,src=/c'], cacheTo }
    expect(grantsOf(sources, '/w').written).toEqual(['/b'])
  })
})

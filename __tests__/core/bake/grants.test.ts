import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { grantsOf, type GrantedSources } from '../../../src/core/bake/grants.ts'

const nothing: GrantedSources = { secrets: [], ssh: [], cacheFrom: [], cacheTo: [] }
const allowed = (sources: Partial<GrantedSources>) =>
  grantsOf({ ...nothing, ...sources }, '/w').allow

describe('what bake may reach', () => {
  it.each<[string, Partial<GrantedSources>, readonly string[]]>([
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
      { ssh: ['default', 'b'], cacheFrom: ['type=local,src=a', 'type=local,src=a'] },
      ['fs.read=/w/a', 'ssh'],
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

  it('tells which folders a cache needs to be there', () => {
    const sources = { ...nothing, cacheFrom: ['type=local,src=a'], cacheTo: ['type=local,dest=/b'] }
    expect(grantsOf(sources, '/w').cacheFolders).toEqual(['/w/a', '/b'])
  })
})

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { readTaskDefinition } from '../../../src/core/task-definition/read.ts'

const minimal = { family: 'web', containerDefinitions: [{ name: 'app', image: 'a' }] }

describe('reading a task definition file', () => {
  it('reads JSON, with a byte order mark and tabs, and keeps what it does not know', () => {
    const definition = { ...minimal, future: { deep: [null, '', [], {}] } }
    const text = `\ufeff${JSON.stringify(definition, undefined, '\t')}`
    expect(readTaskDefinition(text, 'td.json')).toEqual(definition)
  })

  it('reads YAML as data: 1.2 booleans, no merge keys', () => {
    const text = 'family: web\ncontainerDefinitions:\n  - name: app\n    image: a\n    user: no\n'
    expect(readTaskDefinition(text, 'td.yaml')).toEqual({
      family: 'web',
      containerDefinitions: [{ name: 'app', image: 'a', user: 'no' }],
    })
  })

  it.each([
    ['an empty file', '  \n', 'the file is empty'],
    ['broken JSON', '{\n  "family": "web",\n  "cpu": \n', '3:10'],
    ['a duplicate key', 'family: a\nfamily: b\n', '2:1: Map keys must be unique'],
    ['an unknown tag', 'family: !Ref x\n', '1:9: Unresolved tag: !Ref'],
    ['several documents', 'family: a\n---\nfamily: b\n', '2:1'],
    ['a list', '[]', '1:1: not an object'],
    ['a missing family', '{"containerDefinitions":[{}]}', 'family is missing'],
    ['no containers', '{"family":"a","containerDefinitions":[]}', 'at least one container'],
    ['containers that are none', '{"family":"a","containerDefinitions":[1]}', 'no container'],
    ['nesting without end', '['.repeat(200_000), 'td.json'],
    ['an alias bomb', bomb(), 'Excessive alias count'],
  ])('refuses %s and says where', (_what, text, expected) => {
    expect(() => readTaskDefinition(text, 'td.json')).toThrow(expected)
  })

  it.each([
    ['cpu: 256', 'cpu is the number 256'],
    [
      'containerDefinitions: [{name: a, environment: [{name: X, value: 012}]}]',
      'value is the number 12',
    ],
    [
      'containerDefinitions: [{name: a, environment: [{name: X, value: 1.10}]}]',
      'value is the number 1.1',
    ],
    [
      'containerDefinitions: [{name: a, environment: [{name: X, value: true}]}]',
      'value is the boolean true',
    ],
    ['containerDefinitions: [{name: a, command: [sleep, 5]}]', 'command.1 is the number 5'],
    ['containerDefinitions: [{name: a, dockerLabels: {v: 2}}]', 'dockerLabels.v is the number 2'],
    ['future: 12345678901234567890', 'cannot carry exactly'],
  ])('refuses a value that a parser changed: %s', (text, expected) => {
    expect(() => readTaskDefinition(`family: web\n${text}\n`, 'td.yaml')).toThrow(expected)
  })

  it('tells everything that is wrong in one error, by line and column', () => {
    const text = 'cpu: 256\nmemory: 512\n'
    expect(() => readTaskDefinition(text, 'td.yaml')).toThrow(
      /1:6: cpu.*; 2:9: memory.*; family is missing; containerDefinitions/,
    )
  })

  it('gives back every JSON object that it accepts, unchanged', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), (extra) => {
        const definition: unknown = JSON.parse(JSON.stringify({ ...extra, ...minimal }))
        const text = JSON.stringify(definition)
        let read: unknown
        try {
          read = readTaskDefinition(text, 'td.json')
        } catch (error) {
          expect(String(error)).toMatch(/cannot carry exactly|wants a string/)
          return
        }
        expect(JSON.stringify(read)).toBe(text)
      }),
    )
  })
})

function bomb(): string {
  const levels = Array.from({ length: 9 }, (_, i) => {
    const inner = i === 0 ? '"x"' : `*l${i - 1}`
    return `l${i}: &l${i} [${Array.from({ length: 9 }, () => inner).join(',')}]`
  })
  return levels.join('\n')
}

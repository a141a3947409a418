import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import type { JsonObject } from '../../../../src/core/json.ts'
import type { NameChanges } from '../../../../src/core/task-definition/changes/changes.ts'
import { namesIn } from '../../../../src/core/task-definition/changes/merge-named.ts'
import {
  describeMoves,
  mergeVariables,
} from '../../../../src/core/task-definition/changes/merge-variables.ts'

const names = (
  set: Readonly<Record<string, string>> = {},
  removed: readonly string[] = [],
): NameChanges => ({ set: new Map(Object.entries(set)), removed: new Set(removed) })
const untouched = names()

const container: JsonObject = {
  name: 'app',
  environment: [
    { name: 'A', value: '1' },
    { name: 'B', value: '', future: true },
  ],
  secrets: [{ name: 'TOKEN', valueFrom: 'arn:old' }],
}

describe('changing environment variables and secrets', () => {
  it('replaces in place, adds at the end, removes, and keeps the rest of an entry', () => {
    const environment = names({ B: '2=3', C: '' }, ['A', 'NEVER'])
    expect(mergeVariables(container, { environment, secrets: untouched })).toEqual({
      ...container,
      environment: [
        { name: 'B', value: '2=3', future: true },
        { name: 'C', value: '' },
      ],
    })
  })

  it('changes secrets in the same way', () => {
    const secrets = names({ TOKEN: 'arn:new', KEY: 'arn:key' })
    expect(mergeVariables(container, { environment: untouched, secrets })).toEqual({
      ...container,
      secrets: [
        { name: 'TOKEN', valueFrom: 'arn:new' },
        { name: 'KEY', valueFrom: 'arn:key' },
      ],
    })
  })

  it('moves a name that changes sides, and says so without its value', () => {
    const changes = { environment: names({ TOKEN: 'plain' }), secrets: names({ A: 'arn:a' }) }
    expect(mergeVariables(container, changes)).toEqual({
      name: 'app',
      environment: [
        { name: 'B', value: '', future: true },
        { name: 'TOKEN', value: 'plain' },
      ],
      secrets: [{ name: 'A', valueFrom: 'arn:a' }],
    })
    expect(describeMoves(container, changes)).toEqual([
      'TOKEN: moved from secrets to environment',
      'A: moved from environment to secrets',
    ])
  })

  it('makes no list where there is nothing to put in', () => {
    const changes = { environment: names({}, ['A']), secrets: untouched }
    expect(mergeVariables({ name: 'app' }, changes)).toEqual({ name: 'app' })
  })

  it('leaves one entry of a name that the list has twice', () => {
    const twice = { environment: [1, 2].map((value) => ({ name: 'A', value: String(value) })) }
    const changes = { environment: names({ A: '3' }), secrets: untouched }
    expect(mergeVariables(twice, changes)).toEqual({ environment: [{ name: 'A', value: '3' }] })
  })

  const name = fc.constantFrom('A', 'B', 'C', 'D', '__proto__')
  const changesOf = fc
    .tuple(fc.array(fc.tuple(name, fc.string())), fc.array(name))
    .map(([set, removed]) => {
      const map = new Map(set)
      return { set: map, removed: new Set(removed.filter((each) => !map.has(each))) }
    })
  const changing = fc.record({ environment: changesOf, secrets: changesOf }).map((changes) => ({
    environment: changes.environment,
    secrets: {
      set: new Map([...changes.secrets.set].filter(([key]) => !changes.environment.set.has(key))),
      removed: changes.secrets.removed,
    },
  }))
  const containers = fc
    .uniqueArray(fc.tuple(name, fc.boolean()), { selector: ([key]) => key })
    .map((entries) => ({
      environment: entries.filter(([, plain]) => plain).map(([key]) => ({ name: key, value: 'x' })),
      secrets: entries
        .filter(([, plain]) => !plain)
        .map(([key]) => ({ name: key, valueFrom: 'y' })),
    }))

  it('never leaves a name in both lists, and is the same when done twice', () => {
    fc.assert(
      fc.property(containers, changing, (before, changes) => {
        const after = mergeVariables(before, changes)
        const secret = namesIn(after, 'secrets')
        expect([...namesIn(after, 'environment')].filter((each) => secret.has(each))).toEqual([])
        expect(mergeVariables(after, changes)).toEqual(after)
        expect(describeMoves(after, changes)).toEqual([])
        for (const key of changes.environment.set.keys()) {
          expect(namesIn(after, 'environment').has(key)).toBe(true)
        }
        for (const key of changes.secrets.set.keys()) expect(secret.has(key)).toBe(true)
      }),
    )
  })
})

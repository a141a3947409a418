import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import type { JsonObject } from '../../../src/core/json.ts'
import { noChanges } from '../../../src/core/task-definition/changes/no-changes.ts'
import {
  renderTaskDefinition,
  responseOnlyMembers,
} from '../../../src/core/task-definition/render.ts'

const unplanned = { changes: noChanges, containerNames: [] }
const source = (definition: JsonObject, tags: readonly JsonObject[] = []) => ({
  ...{ origin: 'task definition web:1', definition, tags },
})

describe('rendering a task definition', () => {
  it('drops exactly the nine members that only answers have', () => {
    const answer = Object.fromEntries([...responseOnlyMembers].map((name) => [name, 'x']))
    expect(responseOnlyMembers.size).toBe(9)
    expect(
      renderTaskDefinition(source({ ...answer, family: 'web', future: 1 }), new Map(), unplanned),
    ).toEqual({ family: 'web', future: 1 })
  })

  it('puts the image into the named containers only, and keeps everything else of them', () => {
    const definition = {
      containerDefinitions: [
        { name: 'app', image: 'old', command: [], future: { a: null } },
        { name: 'proxy', image: 'envoy' },
      ],
    }
    expect(
      renderTaskDefinition(source(definition), new Map([['app', 'host/web@sha256:1']]), unplanned),
    ).toEqual({
      containerDefinitions: [
        { name: 'app', image: 'host/web@sha256:1', command: [], future: { a: null } },
        { name: 'proxy', image: 'envoy' },
      ],
    })
  })

  it("keeps tags that stand beside the definition, and a file's own", () => {
    const tag = { key: 'team', value: 'shop' }
    expect(renderTaskDefinition(source({ family: 'web' }, [tag]), new Map(), unplanned)).toEqual({
      ...{ family: 'web', tags: [tag] },
    })
    expect(
      renderTaskDefinition(source({ family: 'web', tags: [] }, [tag]), new Map(), unplanned),
    ).toEqual({
      ...{ family: 'web', tags: [] },
    })
  })

  it('loses nothing that it does not know', () => {
    const unknown = fc
      .dictionary(fc.string(), fc.jsonValue())
      .filter((members) => !Object.keys(members).some((name) => responseOnlyMembers.has(name)))
    fc.assert(
      fc.property(unknown, (members) => {
        const definition = JSON.parse(JSON.stringify(members)) as JsonObject
        expect(renderTaskDefinition(source(definition), new Map(), unplanned)).toEqual(definition)
      }),
    )
  })
})

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { stringAt, stringsAt, type JsonObject } from '../../src/core/json.ts'
import { listAll } from '../../src/stages/aws/list-all.ts'

const { signal } = new AbortController()

/** A list in ECS's form: each page names the next by its number. */
function paged(pages: readonly (readonly string[])[], last?: string) {
  return (input: JsonObject): Promise<JsonObject> => {
    const page = Number(stringAt(input, 'nextToken') ?? '0')
    const isLast = page >= pages.length - 1
    const nextToken = isLast ? last : String(page + 1)
    return Promise.resolve({ arns: pages[page] ?? [], ...(nextToken && { nextToken }) })
  }
}

const read = (answer: JsonObject): readonly string[] => stringsAt(answer, 'arns')

describe('all pages of a list', () => {
  it('are one list, in their order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(fc.string())), async (pages) => {
        expect(await listAll(paged(pages), read, signal)).toEqual(pages.flat())
      }),
    )
  })

  it('are given up where one leads back to one before it', async () => {
    const endless = paged([['a'], ['b'], ['c']], '1')
    await expect(listAll(endless, read, signal)).rejects.toMatchObject({ code: 'EmptyAnswer' })
  })
})

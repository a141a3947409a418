import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { cachedFolder, recipeHash } from '../../../scripts/world/cache.ts'

let parent: string
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'cache-'))
})
afterEach(() => rm(parent, { recursive: true }))

const writing =
  (text: string) =>
  (folder: string): Promise<void> =>
    writeFile(join(folder, 'made'), text)

describe('cachedFolder', () => {
  it('makes a folder once, and leaves nothing else', async () => {
    const path = join(parent, 'a', 'b')
    await cachedFolder(path, writing('first'))
    await cachedFolder(path, writing('second'))
    expect(await readFile(join(path, 'made'), 'utf8')).toBe('first')
    expect(await readdir(join(parent, 'a'))).toEqual(['b'])
  })

  it('makes it once for two that ask at the same time', async () => {
    const path = join(parent, 'b')
    const paths = ['first', 'second'].map((text) => cachedFolder(path, writing(text)))
    expect(await Promise.all(paths)).toEqual([path, path])
    expect(await readdir(parent)).toEqual(['b'])
  })

  it('keeps nothing of a making that failed, and can be asked again', async () => {
    const path = join(parent, 'b')
    const failing = async (folder: string): Promise<void> => {
      await writing('half')(folder)
      throw new Error('no network')
    }
    await expect(cachedFolder(path, failing)).rejects.toThrow('no network')
    expect(await readdir(parent)).toEqual([])
    await cachedFolder(path, writing('whole'))
    expect(await readFile(join(path, 'made'), 'utf8')).toBe('whole')
  })

  it('goes on where a killed process left its lock and half a folder', async () => {
    const path = join(parent, 'b')
    const beyondAnyPid = '4194999'
    await writeFile(`${path}.lock`, beyondAnyPid)
    await mkdir(`${path}.partial-${beyondAnyPid}`)
    await cachedFolder(path, writing('whole'))
    expect(await readdir(parent)).toEqual(['b'])
  })
})

describe('recipeHash', () => {
  it('differs when anything in the recipe does', () => {
    expect(recipeHash({ suite: 'trixie' })).toMatch(/^[0-9a-f]{12}$/)
    expect(recipeHash({ suite: 'trixie' })).not.toBe(recipeHash({ suite: 'forky' }))
  })
})

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from '@jest/globals'

const dist = join(import.meta.dirname, '..', '..', 'dist')

function scripts(): readonly string[] {
  return readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.m?js$/.test(name),
  )
}

describe('dist/', () => {
  it('has both entries and says that they are ES modules', () => {
    for (const file of ['index.js', 'post/index.js', 'package.json', 'post/package.json']) {
      expect([file, existsSync(join(dist, file))]).toEqual([file, true])
    }
  })

  it('holds every module that it needs: nothing was left for the runner to find', () => {
    for (const name of scripts()) {
      const text = readFileSync(join(dist, name), 'utf8')
      expect([name, text.includes('eval("require")'), text.includes('@@notfound')]).toEqual([
        name,
        false,
        false,
      ])
    }
  })

  it('took no file of the workspace for an asset of its own', () => {
    const folders = readdirSync(dist, { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    )
    expect(folders.map((folder) => folder.name)).toEqual(['post'])
    for (const name of scripts()) {
      const text = readFileSync(join(dist, name), 'utf8')
      expect([name, /__nccwpck_require__\.ab \+/.test(text)]).toEqual([name, false])
    }
  })

  it('names no path of the machine that built it', () => {
    const root = join(dist, '..')
    for (const name of scripts()) {
      expect([name, readFileSync(join(dist, name), 'utf8').includes(root)]).toEqual([name, false])
    }
  })
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from '@jest/globals'

import { missingOptionals } from '../../scripts/complete-lock.mjs'

const root = join(import.meta.dirname, '..', '..')

describe('package-lock.json', () => {
  const lock: unknown = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))

  it('names every optional package, so that npm ci takes it (npm run lock:complete)', () => {
    expect(missingOptionals(lock)).toEqual([])
  })

  it('names no download address', () => {
    expect(JSON.stringify(lock)).not.toContain('"resolved"')
  })
})

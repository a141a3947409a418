import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from '@jest/globals'

import { readManifest, withTables } from '../../scripts/docs/readme-tables.ts'
import { errorCodes } from '../../src/core/errors/codes.ts'
import { declaredInputs } from '../../src/core/inputs/declared.ts'
import { modes } from '../../src/core/inputs/mode.ts'
import { failures, successes } from '../../src/core/outcome.ts'
import { outputNames } from '../../src/core/report/outputs.ts'

const root = join(import.meta.dirname, '..', '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const manifest = readManifest(read('action.yml'))

describe('action.yml', () => {
  it('declares exactly the inputs that are read, with the same defaults', () => {
    const declared = Object.entries(manifest.inputs).map(([name, input]) => [
      name,
      input.default ?? '',
    ])
    const known = Object.entries(declaredInputs).map(([name, input]) => [name, input.default])
    expect(Object.fromEntries(declared)).toEqual(Object.fromEntries(known))
  })

  it('says what each mode does, and README does, too', () => {
    const { description = '' } = manifest.inputs['mode'] ?? {}
    expect(modes.filter((mode) => !description.includes(`\`${mode}\``))).toEqual([])
    const rows = [...read('README.md').matchAll(/^\| `([a-z]+)` +\| /gm)].map(([, mode]) => mode)
    expect(modes.filter((mode) => !rows.includes(mode))).toEqual([])
  })

  it('declares exactly the outputs that are written', () => {
    expect(Object.keys(manifest.outputs)).toEqual([...outputNames])
  })
})

describe('the documentation', () => {
  it('has the tables of action.yml in README.md (npm run docs)', () => {
    expect(withTables(read('README.md'), manifest)).toBe(read('README.md'))
  })

  it('has a heading for every error code in docs/errors.md, and for no other', () => {
    const headings = [...read('docs/errors.md').matchAll(/^## ([a-z-]+)$/gm)].map(
      ([, code]) => code,
    )
    expect(headings.toSorted()).toEqual(Object.keys(errorCodes).toSorted())
  })

  it('explains every outcome in README.md', () => {
    const readme = read('README.md')
    const unexplained = [...successes, ...failures].filter(
      (outcome) => !new RegExp(`^\\| \`${outcome}\` +\\|`, 'm').test(readme),
    )
    expect(unexplained).toEqual([])
  })
})

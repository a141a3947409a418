import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from '@jest/globals'

const root = join(import.meta.dirname, '..', '..')
const spec = readFileSync(join(root, 'simulator', 'SPEC.md'), 'utf8')
const rules = [...spec.matchAll(/^- \*\*([A-Z]+-\d+)\*\*/gm)].map(([, id = '']) => id)

/** The ids that tests name: at the start of a test's name, or of a row of its table. */
function namedByTests(): ReadonlySet<string> {
  const directory = join(root, '__tests__')
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  const texts = files
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(directory, file), 'utf8'))
  return new Set(texts.flatMap((text) => text.match(/\b[A-Z]+-\d+\b/g) ?? []))
}

describe('simulator/SPEC.md', () => {
  it('has rules, each once', () => {
    expect(rules.length).toBeGreaterThan(100)
    expect(rules.toSorted()).toEqual([...new Set(rules)].toSorted())
  })

  it('has a test that names each rule', () => {
    const named = namedByTests()
    expect(rules.filter((id) => !named.has(id))).toEqual([])
  })

  it('gives each rule its source, or says that it is inferred', () => {
    const parts = spec.split(/^- (?=\*\*[A-Z]+-\d+\*\*)/m).slice(1)
    const marks = /(?<![a-z])(doc|sdk|issue|inferred|rfc|oci|the simulator's own)(?![a-z])/i
    const ofAws = parts.filter((part) => !/^\*\*(FAULT|SEED|HIST)-/.test(part))
    const unmarked = ofAws
      .map((part) => part.split(/^## /m, 1).join(''))
      .filter((part) => !marks.test(part))
      .map((part) => /[A-Z]+-\d+/.exec(part)?.[0])
    expect(unmarked).toEqual([])
  })
})

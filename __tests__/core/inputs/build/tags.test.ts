import { describe, expect, it } from '@jest/globals'
import { InputReader } from '../../../../src/core/inputs/reader.ts'
import { readTagRules } from '../../../../src/core/inputs/build/tags.ts'

const read = (values: Readonly<Record<string, string>>) => {
  const reader = new InputReader(new Map(Object.entries(values)))
  return { ...readTagRules(reader), problems: reader.problems }
}

describe('readTagRules', () => {
  it('has the commit, the version and no latest where nothing is given', () => {
    const { rules, flavor, problems } = read({})
    expect(rules.map(({ text }) => text)).toEqual([
      'type=sha,format=long',
      'type=semver,pattern={{version}}',
    ])
    expect([flavor.latest, problems]).toEqual(['false', []])
  })

  it('leaves comments and empty lines out', () => {
    const { rules } = read({ tags: '# who\n\ntype=sha\r\n  type=edge  ' })
    expect(rules.map(({ source }) => source.type)).toEqual(['sha', 'edge'])
  })

  it('tells every line that is wrong', () => {
    const { problems } = read({ tags: 'type=sha\ntype=pep440\ntype=raw', flavor: 'latest=so' })
    expect(problems.map(({ input, value }) => [input, value])).toEqual([
      ['flavor', 'latest=so'],
      ['tags', 'type=pep440'],
      ['tags', 'type=raw'],
    ])
  })
})

import { describe, expect, it } from '@jest/globals'

import { parseInputs } from '../../../../src/core/inputs/parse-inputs.ts'
import { inputProblems } from '../../../support/input-problems.ts'

const release = { repository: 'team/web', 'aws-region': 'us-east-1' }

function parse(given: Readonly<Record<string, string>>) {
  return parseInputs(new Map(Object.entries({ ...release, ...given })), { region: undefined })
}

const problems = (given: Readonly<Record<string, string>>): readonly string[] =>
  inputProblems(() => parse(given))

describe('what GitHub is told and asked', () => {
  it('is nothing, unless it is wished', () => {
    const { gitHub } = parse({}).inputs
    expect(gitHub).toEqual({ guardNewerCommit: false, environment: undefined })
  })

  it('is the environment, its URL, and which commit is newer', () => {
    const given = {
      'guard-newer-commit': 'true',
      'deployment-environment': 'staging',
      'environment-url': 'https://shop.example.com/',
    }
    expect(parse(given).inputs.gitHub).toEqual({
      guardNewerCommit: true,
      environment: { name: 'staging', url: 'https://shop.example.com/' },
    })
  })

  it.each(['http://shop.example.com', 'shop.example.com', 'https://', 'https://me:pw@example.com'])(
    'is no URL such as %s',
    (url) => {
      const given = { 'deployment-environment': 'staging', 'environment-url': url }
      expect(problems(given)).toEqual(['environment-url: is not an https URL'])
    },
  )

  it('is no URL without an environment', () => {
    expect(problems({ 'environment-url': 'https://shop.example.com' })).toEqual([
      'environment-url: needs `deployment-environment`: it is shown there',
    ])
  })

  it.each(['two\nlines', 'x'.repeat(256)])('is no environment such as %j', (name) => {
    expect(problems({ 'deployment-environment': name })[0]).toContain('is no name')
  })

  it('is said to be unused where a mode goes back on purpose', () => {
    const given = { mode: 'rollback', service: 'web', 'guard-newer-commit': 'true' }
    expect(parse(given).notices.join()).toContain('does not use guard-newer-commit')
  })
})

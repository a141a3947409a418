import { describe, expect, it } from '@jest/globals'

import { readPolicies, type PolicyInputs } from '../../../../src/core/inputs/deploy/policies.ts'
import { InputReader } from '../../../../src/core/inputs/reader.ts'
import { usualPolicies } from '../../../support/usual-policies.ts'

function read(values: Readonly<Record<string, string>>): {
  readonly policies: PolicyInputs
  readonly problems: InputReader['problems']
} {
  const reader = new InputReader(new Map(Object.entries(values)))
  const policies = readPolicies(reader)
  return { policies, problems: reader.problems }
}

describe('readPolicies', () => {
  it('touches nothing unless it is asked to', () => {
    expect(read({})).toEqual({ policies: usualPolicies, problems: [] })
  })

  it.each([
    ['on-failure', 'rollback', { onFailure: 'rollback' }],
    ['on-timeout', 'rollback', { onTimeout: 'rollback' }],
    ['on-cancel', 'rollback', { onCancel: 'rollback' }],
    ['on-superseded', 'succeed', { onSuperseded: 'succeed' }],
    ['on-active-deployment', 'supersede', { onActiveDeployment: 'supersede' }],
    ['on-active-deployment', 'wait', { onActiveDeployment: 'wait' }],
    ['on-active-deployment', 'refuse', { onActiveDeployment: 'refuse' }],
  ])('reads %s: %s', (name, value, differences) => {
    expect(read({ [name]: value })).toEqual({
      policies: { ...usualPolicies, ...differences },
      problems: [],
    })
  })

  it.each(['on-failure', 'on-timeout', 'on-cancel', 'on-superseded', 'on-active-deployment'])(
    'refuses a value of %s that it does not know, and shows what is allowed',
    (name) => {
      const [problem, ...more] = read({ [name]: 'rolback' }).problems
      expect(problem).toMatchObject({ input: name, value: 'rolback' })
      expect(problem?.message).toMatch(/is none of \w+, \w+/)
      expect(more).toEqual([])
    },
  )

  it('cannot undo a failure that nobody waits to see', () => {
    const { problems } = read({ 'on-failure': 'rollback', 'wait-for-service-stability': 'False' })
    expect(problems).toMatchObject([{ input: 'on-failure' }])
  })
})

import { describe, expect, it } from '@jest/globals'

import { checkCaller, isSessionOf } from '../../../src/core/identity/caller.ts'

const arn = 'arn:aws:sts::123456789012:assumed-role/deployer/GitHubActions'
const identity: Parameters<typeof checkCaller>[1] = {
  roleToAssume: undefined,
  allowedAccountIds: [],
}

describe('a caller', () => {
  it.each([
    ['arn:aws:iam::123456789012:role/deployer', true],
    ['arn:aws:iam::123456789012:role/ci/teams/deployer', true],
    ['arn:aws:iam::123456789012:role/deployer2', false],
    ['arn:aws:iam::210987654321:role/deployer', false],
    ['', false],
  ])('is a session of %s: %s', (role, expected) => {
    expect(isSessionOf(role, arn)).toBe(expected)
  })

  it('that is not the role that was asked for ends the run', () => {
    const asked = { ...identity, roleToAssume: 'arn:aws:iam::123456789012:role/admin' }
    expect(() => checkCaller({ accountId: '123456789012', arn }, asked)).toThrow('not to the role')
  })

  it('of an account that is not allowed ends the run', () => {
    const limited = { ...identity, allowedAccountIds: ['210987654321'] }
    expect(() => checkCaller({ accountId: '123456789012', arn }, limited)).toThrow(
      'belong to account "123456789012", which is none of 210987654321',
    )
  })

  it('of an allowed account may go on', () => {
    const limited = { ...identity, allowedAccountIds: ['123456789012'] }
    expect(() => checkCaller({ accountId: '123456789012', arn }, limited)).not.toThrow()
  })
})

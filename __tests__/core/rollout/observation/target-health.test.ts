import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import {
  describeTargets,
  groupUnhealthy,
  targetCause,
  targetsInEvents,
  type TargetHealth,
} from '../../../../src/core/rollout/observation/target-health.ts'
import { hostileText } from '../../../support/hostile-text.ts'

const targetGroupArn = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123'
const target = (members: Partial<TargetHealth>): TargetHealth => ({
  ...{ targetGroupArn, port: 80, state: 'healthy', reason: undefined, description: undefined },
  ...members,
})
const unhealthy = target({
  state: 'unhealthy',
  reason: 'Target.ResponseCodeMismatch',
  description: 'Health checks failed with these codes: [502]',
})

describe('the health of targets', () => {
  it('groups what is not well, the most frequent first, and leaves out what comes or goes', () => {
    const unused = target({ state: 'unused', reason: 'Target.NotInUse', description: 'x' })
    const coming = ['healthy', 'initial', 'draining', 'unavailable'].map((state) =>
      target({ state }),
    )
    const groups = groupUnhealthy([unused, ...coming, unhealthy, unhealthy])
    expect(groups).toEqual([
      { ...unhealthy, count: 2 },
      { ...unused, count: 1 },
    ])
    expect(groups.map(describeTargets)[0]).toBe(
      '2 targets unhealthy in target group web (port 80): Target.ResponseCodeMismatch: Health checks failed with these codes: [502]',
    )
  })

  it.each([
    ['Health checks failed with these codes: [502]', 'Target.ResponseCodeMismatch'],
    ['Request timed out', 'Target.Timeout'],
    ['Health checks failed', 'Target.FailedHealthChecks'],
    ['something of tomorrow', undefined],
  ])('is read from service events, too: %s', (description, reason) => {
    const event = `(service web) (task 0a1b) (port 80) is unhealthy in (target-group ${targetGroupArn}) due to (reason ${description}).`
    expect(targetsInEvents(['(service web) has reached a steady state.', event])).toEqual([
      { targetGroupArn, port: 80, state: 'unhealthy', reason, description },
    ])
  })

  it.each([
    'Target.ResponseCodeMismatch',
    'Target.Timeout',
    'Target.FailedHealthChecks',
    'Target.NotInUse',
    'Target.IpUnusable',
    'Target.NotRegistered',
    'Target.InvalidState',
    'Elb.InternalError',
  ])('has a cause and a remedy for %s', (reason) => {
    const cause = targetCause(target({ state: 'unhealthy', reason }))
    expect(cause?.sentence).toMatch(/[^.]$/)
    expect(cause?.remedy).toMatch(/^[A-Z].*\.$/)
  })

  it('reads hostile events and groups hostile targets without an end', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const event = `(port 80) is unhealthy in (target-group ${text}) due to (reason ${text}).`
        const read = targetsInEvents([text, event])
        expect(read.length).toBeLessThanOrEqual(2)
        const groups = groupUnhealthy([...read, target({ state: 'unhealthy', description: text })])
        expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(read.length + 1)
      }),
    )
  })
})

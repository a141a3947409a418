import { describe, expect, it } from '@jest/globals'

import { nameInArn } from '../../src/core/name-in-arn.ts'

describe('nameInArn', () => {
  it.each([
    ['arn:aws:ecs:us-east-1:123456789012:task-definition/web:12', 'web:12'],
    ['arn:aws:ecs:us-east-1:123456789012:service/prod/web', 'web'],
    ['ecs-svc/0123456789012345678', '0123456789012345678'],
    ['web:12', 'web:12'],
    ['', ''],
  ])('of %j is %j', (arn, name) => {
    expect(nameInArn(arn)).toBe(name)
  })
})

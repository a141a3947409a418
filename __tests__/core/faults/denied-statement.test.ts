import { describe, expect, it } from '@jest/globals'

import { AwsFailure } from '../../../src/core/errors/aws-failure.ts'
import { explainEcr } from '../../../src/core/faults/ecr.ts'
import { explainEcs } from '../../../src/core/faults/ecs.ts'
import { partitionOf } from '../../../src/core/identity/partition.ts'

const denied = (service: string, operation: string, message = 'no') =>
  new AwsFailure({ service, operation, code: 'AccessDeniedException', message, httpStatus: 400 })
const saying = (action: string, resource: string) =>
  `User: arn:aws:iam::1:user/u is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`

describe('the statement that a denied call of ECR is in want of', () => {
  const place = {
    ...{ region: 'us-gov-west-1', accountId: '123456789012', repository: 'team/app' },
  }

  it('has the resource that AWS names', () => {
    const resource = 'arn:aws-us-gov:ecr:us-gov-west-1:123456789012:repository/team/app'
    const failure = denied('ECR', 'PutImage', saying('ecr:PutImage', resource))
    expect(explainEcr(failure, place).remedy).toBe(
      `Allow ecr:PutImage on ${resource} in the policy of the role.`,
    )
  })

  it.each([
    ['us-gov-west-1', 'aws-us-gov'],
    ['cn-north-1', 'aws-cn'],
    ['eu-west-1', 'aws'],
  ])('is of the partition of %s where AWS names none: %s', (region, partition) => {
    expect(explainEcr(denied('ECR', 'PutImage'), { ...place, region }).remedy).toBe(
      `Allow ecr:PutImage on arn:${partition}:ecr:${region}:123456789012:repository/team/app in the policy of the role.`,
    )
  })
})

describe('the statement that a denied call of ECR Public is in want of', () => {
  const place = { region: 'us-east-1', accountId: undefined, repository: 'a1b2c3d4/app' }
  const remedyOf = (operation: string, message?: string) =>
    explainEcr(denied('ECR Public', operation, message), place).remedy

  it('names the repository', () => {
    const resource = 'arn:aws:ecr-public::123456789012:repository/app'
    expect(remedyOf('PutImage', saying('ecr-public:PutImage', resource))).toBe(
      `Allow ecr-public:PutImage on ${resource} in the policy of the role.`,
    )
    expect(remedyOf('DescribeImages')).toBe(
      'Allow ecr-public:DescribeImages on arn:aws:ecr-public::ACCOUNT:repository/app in the policy of the role.',
    )
  })

  it.each(['ecr-public:GetAuthorizationToken', 'sts:GetServiceBearerToken'])(
    'names both actions of its token, which take all resources: %s',
    (action) => {
      expect(remedyOf('GetAuthorizationToken', saying(action, '*'))).toBe(
        'Allow ecr-public:GetAuthorizationToken and sts:GetServiceBearerToken with "Resource": "*" in the policy of the role.',
      )
    },
  )

  it('is that of its token where a manifest is refused, which no action guards', () => {
    const error = explainEcr(denied('ECR Public', 'GetManifest'), place)
    expect(error.message).toContain('not allowed to call GetManifest on repository "a1b2c3d4/app"')
    expect(error.remedy).toContain('ecr-public:GetAuthorizationToken and sts:GetServiceBearerToken')
    expect(`${error.message}${error.remedy}`).not.toMatch(/BatchGetImage|ecr-public:GetManifest/)
  })
})

describe('the statement that a denied call of ECS is in want of', () => {
  it.each([
    ['us-gov-west-1', 'aws-us-gov'],
    ['cn-north-1', 'aws-cn'],
    ['eu-west-1', 'aws'],
  ])('is of the partition of %s where AWS names no resource: %s', (region, partition) => {
    const place = { region, cluster: 'prod', service: 'web' }
    expect(explainEcs(denied('ECS', 'UpdateService'), place).remedy).toContain(
      `"Resource":"arn:${partition}:ecs:${region}:*:service/prod/web"`,
    )
  })
})

describe('partitionOf', () => {
  it.each([
    ['eusc-de-east-1', 'aws-eusc'],
    ['us-iso-east-1', 'aws-iso'],
    ['us-isob-east-1', 'aws-iso-b'],
    ['eu-isoe-west-1', 'aws-iso-e'],
    ['us-isof-south-1', 'aws-iso-f'],
    ['us-west-2', 'aws'],
  ])('%s is in %s', (region, partition) => {
    expect(partitionOf(region)).toBe(partition)
  })
})

import { describe, expect, it } from '@jest/globals'
import { AwsFailure } from '../../../src/core/errors/aws-failure.ts'
import { TagTaken } from '../../../src/core/errors/tag-taken.ts'
import { explainEcr } from '../../../src/core/faults/ecr.ts'
import { parseDigest } from '../../../src/core/image/digest.ts'

const place = {
  region: 'eu-west-1',
  accountId: '123456789012',
  repository: 'team/app',
  tag: 'sha-1',
}
const where = 'repository "team/app" in eu-west-1 of account 123456789012'
const explain = (code: string, message: string, operation: string, httpStatus?: number) =>
  explainEcr(new AwsFailure({ service: 'ECR', operation, code, message, httpStatus }), place)

describe('explainEcr', () => {
  it.each([
    [
      'E1',
      'RepositoryNotFoundException',
      "The repository with name 'team/app' does not exist in the registry with id '123456789012'",
      'DescribeRepositories',
      'repository-not-found',
    ],
    [
      'E2',
      'ImageTagAlreadyExistsException',
      "The image tag 'sha-1' already exists in the 'team/app' repository and cannot be overwritten because the tag is immutable.",
      'PutImage',
      'tag-immutable',
    ],
    [
      'E8',
      'LimitExceededException',
      'The maximum number of images is reached',
      'PutImage',
      'aws-refused',
    ],
    ['E11', 'ThrottlingException', 'Rate exceeded', 'GetAuthorizationToken', 'throttled'],
    ['E11', 'ThrottleException', 'toomanyrequests: Rate exceeded', 'BatchGetImage', 'throttled'],
    ['E15', 'KmsException', 'KMS.DisabledException', 'BatchGetImage', 'aws-refused'],
    [
      'E16',
      'ReferencedImagesNotFoundException',
      "Images with digests '[sha256:ab]' required for pushing image into repository with name 'team/app' do not exist",
      'PutImage',
      'image-incomplete',
    ],
    [
      'E24',
      'BlockedByOrganizationPolicyException',
      'The operation did not succeed because the account is managed by an organization policy',
      'BatchGetImage',
      'access-denied',
    ],
    [
      'A18',
      'ExpiredTokenException',
      'The security token included in the request is expired',
      'PutImage',
      'credentials-expired',
    ],
    ['new', 'BrandNewException', 'never seen', 'PutImage', 'aws-refused'],
  ])('%s %s', (_id, code, message, operation, expected) => {
    const error = explain(code, message, operation, 400)
    expect(error.code).toBe(expected)
    expect(error.remedy).toMatch(/^[A-Z].*\.$/)
    expect(error.cause).toBeInstanceOf(AwsFailure)
  })

  it('E2: names the digest that owns the tag, where it was read', () => {
    const owner = parseDigest(`sha256:${'0'.repeat(64)}`)
    const refusal = new AwsFailure({
      ...{ service: 'ECR', operation: 'PutImage', code: 'ImageTagAlreadyExistsException' },
      message: 'it exists',
    })
    expect(explainEcr(new TagTaken(refusal, owner), place)).toMatchObject({
      message: `tag "sha-1" of ${where} is immutable and names ${owner}`,
      remedy: expect.stringContaining(`\`image: ${owner}\``),
    })
    expect(explainEcr(refusal, place).remedy).toMatch(
      /^Deploy that image, or build another commit;/,
    )
  })

  it('E4: the token is allowed on all resources or not at all', () => {
    const message =
      'User: arn:aws:iam::123456789012:user/u is not authorized to perform: ecr:GetAuthorizationToken on resource: * because no identity-based policy allows the ecr:GetAuthorizationToken action'
    const error = explain('AccessDeniedException', message, 'GetAuthorizationToken', 400)
    expect(error.code).toBe('access-denied')
    expect(error.remedy).toContain('ecr:GetAuthorizationToken with "Resource": "*"')
  })

  it('E5: names the action and the resource', () => {
    const message =
      'User: arn:aws:iam::123456789012:user/u is not authorized to perform: ecr:BatchGetImage on resource: arn:aws:ecr:eu-west-1:123456789012:repository/team/app because no identity-based policy allows the ecr:BatchGetImage action'
    expect(explain('AccessDeniedException', message, 'BatchGetImage', 400).remedy).toBe(
      'Allow ecr:BatchGetImage on arn:aws:ecr:eu-west-1:123456789012:repository/team/app in the policy of the role.',
    )
  })

  it('E6: a foreign account must allow it in the repository policy', () => {
    const message =
      'User: arn:aws:iam::1:user/u is not authorized to perform: ecr:PutImage on resource: x because no resource-based policy allows the ecr:PutImage action'
    expect(explain('AccessDeniedException', message, 'PutImage', 400).remedy).toContain(
      'Allow ecr:PutImage in the repository policy of "team/app"',
    )
  })

  it.each([
    ['ECONNRESET', undefined],
    ['ServerException', 500],
  ])('E18: %s is no answer', (code, status) => {
    const error = explain(code, 'socket hang up', 'BatchGetImage', status)
    expect(error).toMatchObject({ code: 'aws-unavailable', retry: 'backoff' })
  })

  it('names the place in every message that is about a repository', () => {
    expect(explain('RepositoryNotFoundException', 'x', 'PutImage', 400).message).toBe(
      `${where} does not exist`,
    )
  })
})

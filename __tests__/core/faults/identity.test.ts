import { describe, expect, it } from '@jest/globals'

import { AwsFailure } from '../../../src/core/errors/aws-failure.ts'
import { explainIdentity, type IdentityPlace } from '../../../src/core/faults/identity.ts'

const roleArn = 'arn:aws:iam::123456789012:role/deployer'
const byName = 'repo:octo-org/octo-repo:environment:production'
const byId = 'repo:octo-org@65/octo-repo@74:environment:production'
const web = 'AssumeRoleWithWebIdentity'

function token(claims: object): string {
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url')
  return `header.${payload}.signature`
}

function github(sub: string): string {
  return token({
    iss: 'https://token.actions.githubusercontent.com',
    aud: 'sts.amazonaws.com',
    sub,
    repository: 'octo-org/octo-repo',
    repository_id: '74',
    repository_owner_id: '65',
  })
}

function explain(
  [operation, code, message, httpStatus = 400]: readonly [string, string, string, number?],
  place: IdentityPlace = { roleArn },
) {
  return explainIdentity(
    new AwsFailure({ service: 'STS', operation, code, message, httpStatus }),
    place,
  )
}

describe('a refusal of STS', () => {
  it.each<[string, readonly [string, string, string, number?], string, string]>([
    [
      'A4',
      [
        web,
        'InvalidIdentityTokenException',
        'No OpenIDConnect provider found in your account for https://token.actions.githubusercontent.com',
      ],
      'oidc-provider-missing',
      'never',
    ],
    [
      'A5',
      [web, 'InvalidIdentityTokenException', 'Incorrect token audience'],
      'oidc-audience-refused',
      'never',
    ],
    [
      'A6',
      [
        web,
        'InvalidIdentityTokenException',
        "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
      ],
      'aws-unavailable',
      'backoff',
    ],
    ['A7', [web, 'IDPCommunicationErrorException', 'slow'], 'aws-unavailable', 'backoff'],
    ['A8', [web, 'IDPRejectedClaimException', 'claim has expired'], 'web-identity-expired', 'once'],
    ['A9', [web, 'ExpiredTokenException', 'Token expired'], 'web-identity-expired', 'once'],
    [
      'of a forged token',
      [web, 'InvalidIdentityTokenException', 'Invalid token signature'],
      'web-identity-refused',
      'never',
    ],
    [
      'A11',
      [
        web,
        'ValidationError',
        'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
      ],
      'session-duration-refused',
      'never',
    ],
    [
      'A12',
      [
        'AssumeRole',
        'ValidationError',
        'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
      ],
      'session-duration-refused',
      'never',
    ],
    [
      'A13',
      [
        'AssumeRole',
        'PackedPolicyTooLargeException',
        'Packed size of session policy consumes 101% of allotted space.',
      ],
      'session-policy-refused',
      'never',
    ],
    [
      'of a policy',
      ['AssumeRole', 'MalformedPolicyDocumentException', 'Policy x does not exist'],
      'session-policy-refused',
      'never',
    ],
    [
      'A15',
      [web, 'RegionDisabledException', 'STS is not activated in this region', 403],
      'sts-region-disabled',
      'never',
    ],
    [
      'A18',
      [
        'AssumeRole',
        'ExpiredTokenException',
        'The security token included in the request is expired',
        403,
      ],
      'credentials-expired',
      'never',
    ],
    ['that throttles', [web, 'Throttling', 'Rate exceeded'], 'throttled', 'backoff'],
    ['of its own', [web, 'InternalFailure', '', 500], 'aws-unavailable', 'backoff'],
    ['nobody knows', [web, 'Novelty', 'what?'], 'aws-refused', 'never'],
  ])('%s %j is %s and asked again %s', (_row, failure, code, retry) => {
    expect(explain(failure)).toMatchObject({ code, retry })
  })

  it('A14 names sts:TagSession and how to do without', () => {
    const error = explain([
      'AssumeRole',
      'AccessDenied',
      `User: x is not authorized to perform: sts:TagSession on resource: ${roleArn}`,
      403,
    ])
    expect(error.code).toBe('role-not-assumable')
    expect(error.remedy).toContain('`role-skip-session-tagging: true`')
  })

  it('of keys names the external id', () => {
    const error = explain([
      'AssumeRole',
      'AccessDenied',
      `User: x is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
      403,
    ])
    expect(error.remedy).toContain('`role-external-id`')
  })
})

describe('a token that a trust policy does not let in', () => {
  const denied = [web, 'AccessDenied', `Not authorized to perform sts:${web}`, 403] as const

  it.each([
    ['by name', byName, byId],
    ['by id', byId, byName],
  ])('is told by its sub and aud, %s first, and the ready condition', (_form, sub, other) => {
    const jwt = github(sub)
    const { code, message, remedy } = explain(denied, { roleArn, token: jwt })
    expect(code).toBe('role-not-assumable')
    expect(message).toContain(roleArn)
    expect(remedy).toContain(
      `"Condition": {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com", "token.actions.githubusercontent.com:sub": "${sub}"}}`,
    )
    expect(remedy).toContain(`GitHub writes the same subject as "${other}", too`)
    expect(message + remedy).not.toContain(jwt.split('.')[1])
  })

  it('has no other form where the subject is customised', () => {
    const { remedy } = explain(denied, { roleArn, token: github('octo:production') })
    expect(remedy).toContain('"octo:production"')
    expect(remedy).not.toContain('GitHub writes')
  })

  it('names the provider of an enterprise server, as policies spell it', () => {
    const claims = { iss: 'https://ghe.example.com/_services/token', aud: 'a', sub: 's' }
    const { remedy } = explain(denied, { roleArn, token: token(claims) })
    expect(remedy).toContain('"ghe.example.com/_services/token:sub": "s"')
  })

  it.each(['', 'a.b.c', 'no token', token(['sub'])])('is not read where it is none: %j', (jwt) => {
    expect(explain(denied, { roleArn, token: jwt }).code).toBe('role-not-assumable')
  })
})

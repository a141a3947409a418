import { describe, expect, it } from '@jest/globals'

import type { IdentityInputs } from '../../../../src/core/inputs/inputs.ts'
import { parseInputs } from '../../../../src/core/inputs/parse-inputs.ts'
import { inputProblems } from '../../../support/input-problems.ts'

const roleArn = 'arn:aws:iam::123456789012:role/deployer'
const role = { 'role-to-assume': roleArn }
const keys = { 'aws-access-key-id': 'AKIA', 'aws-secret-access-key': 'hunter2' }
const chained = { ...role, 'role-chaining': 'true' }
const file = { 'web-identity-token-file': 'token' }
const policy = '{"Version":"2012-10-17","Statement":[]}'
const managed = 'arn:aws:iam::aws:policy/ReadOnlyAccess'

function identity(given: Record<string, string>): IdentityInputs {
  const values = { mode: 'deploy', service: 'web', 'aws-region': 'eu-central-1', ...given }
  return parseInputs(new Map(Object.entries(values)), { region: undefined }).inputs.identity
}

const problems = (given: Record<string, string>): readonly string[] =>
  inputProblems(() => identity(given))

describe('who proves who we are', () => {
  it.each<[string, Record<string, string>, object]>([
    ['nothing', {}, { kind: 'ambient' }],
    ['a role', role, { kind: 'oidc', audience: 'sts.amazonaws.com' }],
    ['a role and an audience', { ...role, audience: 'me' }, { kind: 'oidc', audience: 'me' }],
    ['a role and a file', { ...role, ...file }, { kind: 'token-file', path: 'token' }],
    ['keys', keys, { kind: 'keys' }],
    ['keys and a role', { ...keys, ...role }, { kind: 'keys' }],
    ['keys and a chained role', { ...keys, ...chained }, { kind: 'keys' }],
    ['a chained role', chained, { kind: 'ambient' }],
  ])('is decided by %s', (_what, given, proof) => {
    expect(identity(given).proof).toMatchObject(proof)
  })
})

describe('the session of a role', () => {
  it('is that of configure-aws-credentials where nothing is said', () => {
    expect(identity(role).roleSession).toEqual({
      name: 'GitHubActions',
      durationSeconds: 3600,
      externalId: undefined,
      tagged: true,
      inlinePolicy: undefined,
      managedPolicies: [],
    })
  })

  it('is as it was asked for', () => {
    const given = {
      ...chained,
      'role-session-name': 'ci@octo',
      'role-duration-seconds': '900',
      'role-external-id': 'shared:42',
      'role-skip-session-tagging': 'true',
      'inline-session-policy': policy,
      'managed-session-policies': `${managed}\n# and ours\narn:aws:iam::123456789012:policy/a,b`,
    }
    expect(identity(given).roleSession).toEqual({
      name: 'ci@octo',
      durationSeconds: 900,
      externalId: 'shared:42',
      tagged: false,
      inlinePolicy: policy,
      managedPolicies: [managed, 'arn:aws:iam::123456789012:policy/a,b'],
    })
  })
})

describe('identity inputs that contradict each other', () => {
  it.each<[string, Record<string, string>, string]>([
    [
      'chaining without a role',
      { 'role-chaining': 'true' },
      'role-chaining: is given without role-to-assume',
    ],
    [
      'chaining for hours',
      { ...chained, 'role-duration-seconds': '3601' },
      'role-duration-seconds: is more than the 3600 that role-chaining allows',
    ],
    [
      'an external id with OIDC',
      { ...role, 'role-external-id': 'shared' },
      'role-external-id: cannot be used with a token; it is for a role that keys or role-chaining assume',
    ],
    [
      'a token file without a role',
      file,
      'web-identity-token-file: is given without role-to-assume',
    ],
    [
      'a token file beside keys',
      { ...role, ...keys, ...file },
      'web-identity-token-file: is given beside aws-access-key-id; give one of them',
    ],
    [
      'a token file for a chained role',
      { ...chained, ...file },
      'web-identity-token-file: is given although role-chaining is true, which assumes the role with the credentials of the job',
    ],
    [
      'a session policy without a role',
      { 'inline-session-policy': policy },
      'inline-session-policy: is given without role-to-assume',
    ],
    [
      'managed session policies without a role',
      { 'managed-session-policies': managed },
      'managed-session-policies: is given without role-to-assume',
    ],
    [
      'a session policy that is no JSON object',
      { ...role, 'inline-session-policy': '[]' },
      'inline-session-policy: is not an IAM policy in JSON',
    ],
    [
      'a session policy that is too long',
      { ...role, 'inline-session-policy': JSON.stringify({ Sid: 'a'.repeat(2048) }) },
      'inline-session-policy: has 2058 characters, more than the 2048 of STS',
    ],
    [
      'a session policy by name',
      { ...role, 'managed-session-policies': 'ReadOnlyAccess' },
      'managed-session-policies: is not a policy ARN such as arn:aws:iam::aws:policy/ReadOnlyAccess',
    ],
    [
      'eleven session policies',
      { ...role, 'managed-session-policies': `${managed}\n`.repeat(11) },
      'managed-session-policies: are 11, more than the 10 of STS',
    ],
    [
      'no boolean, told once',
      { ...role, 'role-chaining': 'yes' },
      'role-chaining: is not a boolean; write true or false',
    ],
  ])('%s is told before anybody is asked', (_what, given, message) => {
    expect(problems(given)).toEqual([message])
  })

  it('let keys assume a role with an external id', () => {
    expect(problems({ ...keys, ...role, 'role-external-id': 'shared' })).toEqual([])
  })
})

describe('allowed-account-ids', () => {
  const host = '123456789012.dkr.ecr.eu-central-1.amazonaws.com'
  const ecs = 'arn:aws:ecs:eu-central-1:123456789012'
  const foreign = { 'allowed-account-ids': '210987654321' }

  it.each<[string, Record<string, string>]>([
    ['role-to-assume', role],
    ['repository', { repository: `${host}/team/web`, image: '1.2.3' }],
    ['image', { image: `${host}/team/web:1.2.3` }],
    ['image', { image: `${host}/team/web:1.2.3@sha256:${'a'.repeat(64)}` }],
    ['container-images', { 'container-images': `app=${host}/team/web:1.2.3` }],
    ['task-definition-arn', { 'task-definition-arn': `${ecs}:task-definition/web:7` }],
    ['service', { service: `${ecs}:service/prod/web` }],
    ['cluster', { cluster: `${ecs}:cluster/prod` }],
  ])('hold for the account that is written in %s', (name, given) => {
    const message = `${name}: is of account 123456789012, which is none of allowed-account-ids`
    expect(problems({ ...given, ...foreign })).toEqual([message])
    expect(problems({ ...given, 'allowed-account-ids': '210987654321\n123456789012' })).toEqual([])
    expect(problems(given)).toEqual([])
  })

  it('say nothing of what names no account', () => {
    expect(problems({ repository: 'team/web', image: '1.2.3', ...foreign })).toEqual([])
    const images = { 'container-images': 'proxy=public.ecr.aws/nginx/nginx:1' }
    expect(problems({ ...images, ...foreign })).toEqual([])
  })
})

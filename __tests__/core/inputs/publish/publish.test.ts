import { describe, expect, it } from '@jest/globals'

import { InputErrors } from '../../../../src/core/errors/action-error.ts'
import { parseInputs } from '../../../../src/core/inputs/parse-inputs.ts'

const host = '123456789012.dkr.ecr.eu-west-1.amazonaws.com'
const parse = (values: Readonly<Record<string, string>>) =>
  parseInputs(new Map(Object.entries(values)), { region: 'us-east-1' })
const release = (values: Readonly<Record<string, string>>) => {
  const { inputs } = parse({ repository: 'team/web', ...values })
  if (inputs.mode !== 'release' || inputs.publish === undefined) throw new TypeError(inputs.mode)
  return { publish: inputs.publish, build: inputs.build, deploy: inputs.deploy }
}
const problems = (values: Readonly<Record<string, string>>): readonly string[] => {
  try {
    parse({ repository: 'team/web', ...values })
    return []
  } catch (error) {
    if (!(error instanceof InputErrors)) throw error
    return error.problems.map(({ input, message }) => `${input} ${message}`)
  }
}

describe('the lines of repository', () => {
  it('are the source and the repositories that get copies', () => {
    const { publish, deploy } = release({ repository: `team/web\n# the other\n${host}/team/web` })
    expect(publish.repository).toEqual({ name: 'team/web' })
    expect(publish.copies.map(({ host: at }) => at?.host)).toEqual([host])
    expect(deploy.copies).toEqual(publish.copies)
  })

  it.each([
    [{ repository: 'team/web\nteam/web' }, 'repository is there twice'],
    [{ repository: 'team/web\nTeam' }, 'repository is neither'],
    [
      { repository: 'team/web\nteam/cache', cache: 'registry', 'cache-repository': 'team/cache' },
      'repository is `cache-repository`, too',
    ],
    [
      { repository: `team/web\n${host}/team/web`, 'allowed-account-ids': '210987654321' },
      'repository is of account 123456789012, which is none of allowed-account-ids',
    ],
    [
      { repository: 'public.ecr.aws/a/web', 'create-repository': 'true' },
      'create-repository does not make repositories of ECR Public',
    ],
    [{ repository: 'public.ecr.aws/a/web', scan: 'gate' }, 'scan is not to be had of ECR Public'],
  ])('are refused as they stand in %p', (values, problem) => {
    expect(problems(values)).toEqual([expect.stringContaining(problem)])
  })

  it('leave the region of tasks open where they are of ECR Public', () => {
    const values = new Map([['repository', 'public.ecr.aws/a/web']])
    expect(() => parseInputs(values, { region: undefined })).toThrow(/aws-region/)
  })
})

describe('registries', () => {
  it('are accounts and hosts', () => {
    const { build } = release({ registries: `210987654321\n${host}\npublic.ecr.aws` })
    expect(build.registries).toEqual([
      { kind: 'account', accountId: '210987654321' },
      { kind: 'host', host: { host, accountId: '123456789012', region: 'eu-west-1' } },
      { kind: 'host', host: { host: 'public.ecr.aws', accountId: '', region: 'us-east-1' } },
    ])
  })

  it('are nothing else', () => {
    expect(problems({ registries: 'ghcr.io' })).toEqual([
      expect.stringContaining('registries is neither an account id'),
    ])
  })
})

describe('repository-settings', () => {
  const create = { 'create-repository': 'true' }

  it('have defaults, and no effect without create-repository', () => {
    expect(release(create).publish.creation).toEqual({
      ...{ mutability: undefined, scanOnPush: false, tags: {} },
      ...{ lifecyclePolicy: undefined, repositoryPolicy: undefined },
      encryption: { type: 'AES256', kmsKey: undefined },
    })
    const idle = parse({ repository: 'team/web', 'repository-settings': 'scan-on-push: true' })
    expect(idle.inputs).toMatchObject({ publish: { creation: undefined } })
    expect(idle.notices.join()).toContain('has no effect without `create-repository: true`')
  })

  it('are YAML; policies may be written as JSON texts', () => {
    const settings = `tag-mutability: IMMUTABLE_WITH_EXCLUSION
exclusion-filters: [latest, "v*"]
scan-on-push: true
encryption: KMS
kms-key: alias/images
lifecycle-policy: { rules: [] }
repository-policy: '{"Version":"2012-10-17"}'
tags: { team: shop }`
    expect(release({ ...create, 'repository-settings': settings }).publish.creation).toEqual({
      mutability: {
        tagMutability: 'IMMUTABLE_WITH_EXCLUSION',
        exclusionFilters: ['latest', 'v*'],
      },
      scanOnPush: true,
      encryption: { type: 'KMS', kmsKey: 'alias/images' },
      lifecyclePolicy: '{"rules":[]}',
      repositoryPolicy: '{"Version":"2012-10-17"}',
      tags: { team: 'shop' },
    })
  })

  it.each([
    [
      'tag-mutabilty: MUTABLE',
      'has the key "tag-mutabilty", which is not known; did you mean "tag-mutability"?',
    ],
    ['tag-mutability: fixed', 'tag-mutability is none of'],
    ['exclusion-filters: [latest]', 'exclusion-filters needs tag-mutability'],
    ['{ tag-mutability: MUTABLE, exclusion-filters: [a] }', 'takes no exclusion-filters'],
    ['tag-mutability: IMMUTABLE_WITH_EXCLUSION', 'takes 1 to 5 exclusion-filters'],
    [
      '{ tag-mutability: IMMUTABLE_WITH_EXCLUSION, exclusion-filters: [a*b*c*] }',
      'exclusion-filters holds what is no tag',
    ],
    ['scan-on-push: maybe', 'scan-on-push is neither true nor false'],
    ['encryption: DES', 'encryption is none of'],
    ['kms-key: alias/a', 'kms-key needs'],
    ['lifecycle-policy: "{"', 'lifecycle-policy is no object'],
    ['tags: { build: 7 }', 'the value of tag "build" is no text'],
    ['[]', 'is no object in JSON or YAML'],
  ])('refuse %s', (settings, problem) => {
    expect(problems({ ...create, 'repository-settings': settings })).toEqual([
      expect.stringContaining(problem),
    ])
  })
})

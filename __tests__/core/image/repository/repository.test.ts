import { describe, expect, it } from '@jest/globals'

import { livesIn, pullRepository } from '../../../../src/core/image/repository/pull-repository.ts'
import {
  isSameRepository,
  parseRegistryHost,
  parseRepositoryReference,
  type Repository,
} from '../../../../src/core/image/repository/repository.ts'

const account = '123456789012'
const at = (host: string, name = 'team/web'): Repository => {
  const registry = parseRegistryHost(host)
  if (registry === undefined) throw new TypeError(host)
  return { registry, name }
}

describe('the hosts of ECR', () => {
  it.each([
    [`${account}.dkr.ecr.eu-central-1.amazonaws.com`, 'eu-central-1'],
    [`${account}.dkr.ecr-fips.us-east-2.amazonaws.com`, 'us-east-2'],
    [`${account}.dkr-ecr.eu-west-1.on.aws`, 'eu-west-1'],
    [`${account}.dkr-ecr-fips.us-gov-west-1.on.aws`, 'us-gov-west-1'],
    [`${account}.dkr.ecr.cn-north-1.amazonaws.com.cn`, 'cn-north-1'],
    [`${account}.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn`, 'cn-north-1'],
    [`${account}.dkr.ecr.us-gov-east-1.amazonaws.com`, 'us-gov-east-1'],
    [`${account}.dkr.ecr.us-iso-east-1.c2s.ic.gov`, 'us-iso-east-1'],
    [`${account}.dkr.ecr.us-isob-east-1.sc2s.sgov.gov`, 'us-isob-east-1'],
    [`${account}.dkr.ecr.eusc-de-east-1.amazonaws.eu`, 'eusc-de-east-1'],
    [`${account}.dkr-ecr.eusc-de-east-1.on.amazonwebservices.eu`, 'eusc-de-east-1'],
    [`${account}.dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk`, 'eu-isoe-west-1'],
    [`${account}.dkr.ecr.us-isof-south-1.csp.hci.ic.gov`, 'us-isof-south-1'],
  ])('are taken as they are written: %s', (host, region) => {
    const reference = parseRepositoryReference(`${host}/team/web`)
    expect(reference).toEqual({ name: 'team/web', host: { host, accountId: account, region } })
  })

  it('have one of ECR Public, whose names begin with an alias', () => {
    const host = { host: 'public.ecr.aws', accountId: '', region: 'us-east-1' }
    expect(parseRepositoryReference('public.ecr.aws/a1b2c3d4/web')).toEqual({
      ...{ name: 'a1b2c3d4/web', host },
    })
    expect(parseRepositoryReference('public.ecr.aws/web')).toBeUndefined()
  })

  it.each(['docker.io/library/nginx', 'ghcr.io/team/web', `${account}.dkr.ecr/team`, 'Team/Web'])(
    'are not that of %s',
    (text) => {
      expect(parseRepositoryReference(text)?.host).toBeUndefined()
    },
  )

  it.each([
    `${account}.dkr.ecr.us-east-1.amazonaws.com.evil.example`,
    `${account}.dkr.ecr.us-east-1.evil.example`,
    `${account}.dkr-ecr.us-east-1.on.aws.example`,
    `${account}.dkr.ecr.us-east-1.notamazonaws.com`,
    `${account}.dkr.ecr.us-east-1.x.amazonaws.com`,
  ])('are no stranger whose name begins alike: %s', (host) => {
    expect(parseRegistryHost(host)).toBeUndefined()
    expect(parseRepositoryReference(`${host}/team/web`)).toBeUndefined()
  })

  it('name one repository in their FIPS and dual-stack forms', () => {
    const one = at(`${account}.dkr.ecr.us-east-1.amazonaws.com`)
    expect(isSameRepository(one, at(`${account}.dkr-ecr-fips.us-east-1.on.aws`))).toBe(true)
    expect(isSameRepository(one, at(`${account}.dkr.ecr.us-east-2.amazonaws.com`))).toBe(false)
    expect(isSameRepository(one, at('public.ecr.aws'))).toBe(false)
  })
})

describe('the repository that a container pulls from', () => {
  const near = at(`${account}.dkr.ecr.us-east-1.amazonaws.com`)
  const far = at(`${account}.dkr.ecr.eu-west-1.amazonaws.com`)
  const shared = at('public.ecr.aws', 'a1b2c3d4/web')
  const home = { repository: near, copies: [far, shared] }

  it.each([
    [`${account}.dkr-ecr.eu-west-1.on.aws/team/web:1`, 'us-east-1', far],
    [`${near.registry.host}/team/web@sha256:1`, 'eu-west-1', near],
    ['public.ecr.aws/a1b2c3d4/web:1', 'eu-west-1', shared],
    ['nginx', 'eu-west-1', far],
    ['nginx', 'ap-south-1', near],
    ['public.ecr.aws/other/web:1', undefined, near],
  ])('is, for %s in %s, the one it uses, then that of the region, then the source', (...row) => {
    const [image, region, expected] = row
    expect(pullRepository(home, image, region)).toBe(expected)
  })

  it('is no other of the same name', () => {
    expect(livesIn(`${near.registry.host}/team/webhook:1`, near)).toBe(false)
    expect(livesIn('team/web', near)).toBe(false)
  })
})

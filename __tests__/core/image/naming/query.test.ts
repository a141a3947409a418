import { describe, expect, it } from '@jest/globals'
import { parseImageQuery } from '../../../../src/core/image/naming/query.ts'
import { parseRepositoryReference } from '../../../../src/core/image/repository/repository.ts'
import { commit } from '../../../support/run-context.ts'

const host = '123456789012.dkr.ecr.eu-west-1.amazonaws.com'
const digest = `sha256:${'a'.repeat(64)}`
const app = { name: 'team/app' }

describe('parseImageQuery', () => {
  it.each([
    [digest, { digest }],
    ['latest', { tags: ['latest'], commitPrefix: undefined }],
    ['v1.2.3', { tags: ['v1.2.3', '1.2.3'], commitPrefix: undefined }],
    [commit, { tags: [commit, `sha-${commit}`], commitPrefix: undefined }],
    ['0123456', { tags: ['0123456', 'sha-0123456'], commitPrefix: '0123456' }],
    [`sha-${commit}`, { tags: [`sha-${commit}`], commitPrefix: undefined }],
  ])('reads %s within the repository', (text, expected) => {
    expect(parseImageQuery(text, app)).toEqual({ repository: app, ...expected })
  })

  it.each([
    [`${host}/team/app@${digest}`, { digest }],
    [`${host}/team/app:v1`, { tags: ['v1'], commitPrefix: undefined }],
    [`${host}/team/app:v1@${digest}`, { digest }],
  ])('reads the reference %s by itself', (text, expected) => {
    const repository = parseRepositoryReference(`${host}/team/app`)
    expect(parseImageQuery(text, undefined)).toEqual({ repository, ...expected })
  })

  it.each([
    ['latest', undefined, 'needs `repository`'],
    [digest, undefined, 'needs `repository`'],
    [`${host}/team/app`, undefined, 'neither a tag nor a digest'],
    [`${host}/team/app@sha256:12`, undefined, 'no sha256 digest'],
    ['docker.io/library/nginx:1', undefined, 'not a reference to an ECR image'],
    ['localhost:4566/team/app:v1', undefined, 'no tag'],
    [`${host}/team/other:v1`, app, 'is not in repository "team/app"'],
  ])('refuses %s in %j', (text, reference, message) => {
    expect(() => parseImageQuery(text, reference)).toThrow(message)
  })
})

import { describe, expect, it } from '@jest/globals'
import { childEnvironment } from '../../../src/adapters/process/environment.ts'

describe('childEnvironment', () => {
  it.each([
    'INPUT_REPOSITORY',
    'INPUT_AWS-SECRET-ACCESS-KEY',
    'STATE_builder',
    'AWS_ACCESS_KEY_ID',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_SESSION_TOKEN',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    'AWS_CONTAINER_CREDENTIALS_FULL_URI',
    'AWS_CONTAINER_AUTHORIZATION_TOKEN',
    'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
    'ACTIONS_ID_TOKEN_REQUEST_URL',
    'ACTIONS_RUNTIME_TOKEN',
    'GITHUB_TOKEN',
    'BUILDER_NODE_0_AUTH_TLS_KEY',
    'BUILDER_NODE_12_AUTH_TLS_CACERT',
  ])('withholds %s', (name) => {
    expect(childEnvironment({ [name]: 'x', PATH: '/bin' })).toEqual({ PATH: '/bin' })
  })

  it.each(['PATH', 'HOME', 'DOCKER_HOST', 'BUILDX_BUILDER', 'HTTPS_PROXY', 'AWS_REGION', 'MY_ARG'])(
    'hands on %s',
    (name) => {
      expect(childEnvironment({ [name]: 'x' })).toEqual({ [name]: 'x' })
    },
  )

  it('lets a call keep what others are not given', () => {
    const job = { GITHUB_TOKEN: 'x', ACTIONS_RUNTIME_TOKEN: 'y' }
    expect(childEnvironment(job, {}, ['GITHUB_TOKEN', 'NOT_SET'])).toEqual({ GITHUB_TOKEN: 'x' })
  })

  it('lets the call add and replace', () => {
    expect(childEnvironment({ DOCKER_CONFIG: '/home' }, { DOCKER_CONFIG: '/ours' })).toEqual({
      DOCKER_CONFIG: '/ours',
    })
  })
})

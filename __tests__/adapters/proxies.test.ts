import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'

import { digestOf } from '../../simulator/ecr/store/digest.ts'
import { startSimulator, type Simulator } from '../../simulator/simulator.ts'
import { describeUnusedProxy } from '../../src/adapters/system/proxy.ts'
import { childEnvironment } from '../../src/adapters/process/environment.ts'
import { imageOf } from '../simulator/ecr/image.ts'
import { RegistryClient } from '../simulator/ecr/registry-client.ts'
import { ForwardProxy } from '../support/forward-proxy.ts'
import { addShop } from '../support/github-world.ts'
import { commit } from '../support/run-context.ts'

// Each call is a process of its own.
jest.setTimeout(30_000)

const fixture = join(import.meta.dirname, '..', 'fixtures', 'ask.ts')
const image = imageOf('linux/amd64')
const blob = image.blobs[0] ?? Buffer.alloc(0)

let simulator: Simulator
let proxy: ForwardProxy
let key: { readonly accessKeyId: string; readonly secretAccessKey: string }
beforeEach(async () => {
  simulator = await startSimulator()
  proxy = await ForwardProxy.start(simulator.url)
  key = simulator.iam.addUser({ name: 'ci' })
  simulator.ecr.registry.create('team/web', {})
  simulator.ecrPublic.create('web')
  await RegistryClient.loggedIn(simulator, key.accessKeyId).push('team/web', image)
  addShop(simulator)
})
afterEach(async () => {
  await proxy.close()
  await simulator.close()
})

/** What a process says that asks with these variables of a job; `base` stands for all servers. */
async function ask(
  what: string,
  base: string,
  variables: Readonly<Record<string, string>>,
): Promise<string> {
  const of = (url: string | undefined) => (url ?? '').replace(simulator.url, base)
  const { environment } = simulator
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', fixture, what, digestOf(blob)],
    {
      env: {
        PATH: process.env['PATH'],
        ...{ KEY_ID: key.accessKeyId, KEY_SECRET: key.secretAccessKey },
        ...{ AWS_ENDPOINT_URL_STS: base, AWS_ENDPOINT_URL_ECR: base },
        ...{ AWS_ENDPOINT_URL_ECR_PUBLIC: base, REGISTRY_URL: base },
        ...{ GITHUB_API_URL: `${base}/github`, TOKEN: simulator.github.token },
        ACTIONS_ID_TOKEN_REQUEST_URL: of(environment['ACTIONS_ID_TOKEN_REQUEST_URL']),
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: environment['ACTIONS_ID_TOKEN_REQUEST_TOKEN'],
        ...variables,
      },
    },
  )
  return stdout.split('\n').at(-2) ?? ''
}

/** Of an address that nobody has: what answers has come through the proxy. */
const elsewhere = 'http://server.test'
const answers: readonly (readonly [string, string])[] = [
  ['sts', '"arn:aws:iam::123456789012:user/ci"'],
  ['blob', String(blob.length)],
  ['registry', '"no such image"'],
  ['oidc', '3'],
  ['github', `"${commit}"`],
]
const login = `Basic ${Buffer.from('user:secret').toString('base64')}`

describe('calls from behind a proxy', () => {
  it.each(answers)('go through HTTP_PROXY, with its login: %s', async (what, answer) => {
    expect(await ask(what, elsewhere, { HTTP_PROXY: proxy.url })).toBe(answer)
    expect(proxy.asked.join()).toMatch(
      /^(CONNECT server\.test:80|(GET|POST) http:\/\/server\.test)/,
    )
    expect(new Set(proxy.logins)).toEqual(new Set([login]))
  })

  it.each(answers)('go past it to hosts of NO_PROXY: %s', async (what, answer) => {
    const variables = { HTTP_PROXY: proxy.url, NO_PROXY: 'localhost,127.0.0.1' }
    expect(await ask(what, simulator.url, variables)).toBe(answer)
    expect(proxy.asked).toEqual([])
  })

  it.each(answers)('tell of one that is not there, and not its login: %s', async (what) => {
    const gone = { HTTP_PROXY: 'http://user:secret@127.0.0.1:9' }
    const told = await ask(what, elsewhere, gone)
    expect(told).toMatch(/ECONNREFUSED|not reached|fetch failed|proxy|socket/i)
    expect(told).not.toContain('secret')
  })

  it('of docker get the variables, too', () => {
    const job = { HTTPS_PROXY: 'http://proxy:1', NO_PROXY: 'localhost', https_proxy: 'http://p:1' }
    expect(childEnvironment(job)).toEqual(job)
  })
})

describe('a proxy that Node does not honour', () => {
  it.each([
    ['24.4.1', { HTTPS_PROXY: 'http://proxy:1' }, 'HTTPS_PROXY is not honoured'],
    ['24.4.1', { http_proxy: 'http://proxy:1' }, 'http_proxy is not honoured'],
    ['20.19.0', { HTTP_PROXY: 'http://proxy:1' }, 'the runner to 2.328'],
  ])('is told of: Node %s with %j', (version, variables, text) => {
    expect(describeUnusedProxy(variables, version)).toContain(text)
    expect(describeUnusedProxy(variables, version)).not.toContain('proxy:1')
  })

  it.each<[string, Record<string, string>]>([
    ['24.4.1', {}],
    ['24.4.1', { HTTPS_PROXY: '' }],
    ['24.5.0', { HTTPS_PROXY: 'http://proxy:1' }],
    ['24.21.0', { HTTPS_PROXY: 'http://proxy:1' }],
    ['26.0.0', { HTTPS_PROXY: 'http://proxy:1' }],
  ])('is not: Node %s with %j', (version, variables) => {
    expect(describeUnusedProxy(variables, version)).toBeUndefined()
  })
})

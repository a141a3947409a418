import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { startSimulator, type Simulator } from '../../../simulator/simulator.ts'
import { clientConfiguration } from '../../../src/adapters/aws/settings.ts'

let simulator: Simulator
let proxy: Server
let proxied: string[]
let authorization: string | undefined

beforeEach(async () => {
  simulator = await startSimulator()
  proxied = []
  authorization = undefined
  proxy = createServer((incoming, outgoing) => {
    proxied.push(`${incoming.method ?? ''} ${incoming.url ?? ''}`)
    authorization = incoming.headers['proxy-authorization']
    const { method, headers, url = '' } = incoming
    const onward = request(url, { method: method ?? 'GET', headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    incoming.pipe(onward)
  })
  proxy.on('connect', (incoming, socket) => {
    proxied.push(`CONNECT ${incoming.url ?? ''}`)
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
})

afterEach(async () => {
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'AWS_ENDPOINT_URL_STS']) {
    Reflect.deleteProperty(process.env, name)
  }
  proxy.closeAllConnections()
  await new Promise((resolve) => proxy.close(resolve))
  await simulator.close()
})

/** Who STS says we are, with the variables of a job. */
async function caller(variables: Readonly<Record<string, string>>): Promise<string | undefined> {
  Object.assign(process.env, variables)
  const { accessKeyId, secretAccessKey } = simulator.iam.addUser({ name: 'ci' })
  const credentials = () => Promise.resolve({ accessKeyId, secretAccessKey })
  const sts = new STSClient(clientConfiguration({ region: 'us-east-1', credentials }, 1))
  try {
    return (await sts.send(new GetCallerIdentityCommand({}))).Arn
  } finally {
    sts.destroy()
  }
}

const proxyUrl = () => `http://user:secret@127.0.0.1:${(proxy.address() as AddressInfo).port}`
const arn = 'arn:aws:iam::123456789012:user/ci'

describe('a client of AWS', () => {
  it('asks through HTTP_PROXY, with its login', async () => {
    const endpoint = { AWS_ENDPOINT_URL_STS: simulator.url }
    expect(await caller({ HTTP_PROXY: proxyUrl(), ...endpoint })).toBe(arn)
    expect(proxied).toEqual([`POST ${simulator.url}/`])
    expect(authorization).toBe(`Basic ${Buffer.from('user:secret').toString('base64')}`)
  })

  it('asks hosts of NO_PROXY itself', async () => {
    const endpoint = { AWS_ENDPOINT_URL_STS: simulator.url, NO_PROXY: 'localhost,127.0.0.1' }
    expect(await caller({ HTTP_PROXY: proxyUrl(), ...endpoint })).toBe(arn)
    expect(proxied).toEqual([])
  })

  it('opens a tunnel of HTTPS_PROXY, and tells a refused one without its login', async () => {
    const endpoint = { AWS_ENDPOINT_URL_STS: 'https://sts.example.invalid' }
    const error: unknown = await caller({ HTTPS_PROXY: proxyUrl(), ...endpoint }).catch(
      (cause: unknown) => cause,
    )
    expect(proxied).toEqual(['CONNECT sts.example.invalid:443'])
    expect(String(error)).toContain('403')
    expect(String(error)).not.toContain('secret')
  })
})

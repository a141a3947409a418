import { createPrivateKey, X509Certificate } from 'node:crypto'
import { request } from 'node:https'

import { describe, expect, it } from '@jest/globals'

import { createTlsIdentity } from '../../../simulator/wire/tls.ts'
import { openAccount } from '../account.ts'

const HOST = '123456789012.dkr.ecr.us-east-1.amazonaws.com'

describe('the certificate of the registry', () => {
  it('WIRE-8 names hosts and addresses and is signed by its authority', async () => {
    const identity = await createTlsIdentity([HOST, '127.0.0.1', '::1'])
    const certificate = new X509Certificate(identity.certificate)
    const authority = new X509Certificate(identity.authority)
    expect(certificate.verify(authority.publicKey)).toBe(true)
    expect(authority.ca).toBe(true)
    expect(certificate.ca).toBe(false)
    expect(certificate.checkHost(HOST)).toBe(HOST)
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1')
    expect(certificate.checkIP('::1')).toBe('::1')
    expect(certificate.checkIP('127.0.0.2')).toBeUndefined()
  })

  it('WIRE-8 comes with a certificate for a client, which no server can use', async () => {
    const identity = await createTlsIdentity([HOST])
    const client = new X509Certificate(identity.client.certificate)
    const authority = new X509Certificate(identity.authority)
    expect(client.verify(authority.publicKey)).toBe(true)
    expect(client.checkPrivateKey(createPrivateKey(identity.client.key))).toBe(true)
    expect(client.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2'])
    expect(client.checkHost(HOST)).toBeUndefined()
    expect(identity.client.key).not.toBe(identity.key)
  })

  it('WIRE-8 is accepted by a client that trusts the authority and checks the name', async () => {
    const identity = await createTlsIdentity([HOST])
    const { simulator } = await openAccount({
      registry: { listen: '127.0.0.1:0', tls: identity },
    })
    try {
      const port = Number(simulator.registry.host.split(':')[1])
      const status = await new Promise((resolve, reject) => {
        const options = { port, host: '127.0.0.1', servername: HOST, ca: identity.authority }
        request({ ...options, path: '/v2/' }, (answer) => {
          answer.resume()
          resolve(answer.statusCode)
        })
          .on('error', reject)
          .end()
      })
      expect(status).toBe(401)
    } finally {
      await simulator.close()
    }
  })
})

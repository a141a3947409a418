import { webcrypto } from 'node:crypto'
import { isIP } from 'node:net'

// The certificate library finds its classes by metadata, which this puts in place.
import 'reflect-metadata'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'

import type { TlsMaterial } from './listener.ts'

/** A server certificate with the authority that a client has to trust for it. */
export interface TlsIdentity extends TlsMaterial {
  /** The authority's certificate in PEM; its key is gone. */
  readonly authority: string
}

const validMs = 7 * 24 * 3600 * 1000
/** Clients whose clock is a little late accept the certificate, too. */
const backdatedMs = 3600 * 1000
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const issuer = 'CN=Steadyship simulator authority'

/**
 * Makes an authority and a server certificate for `names` (host names and IP addresses), ECDSA on
 * P-256, valid for a week from `nowMs`, which is the machine's time: clients check against theirs.
 */
export async function createTlsIdentity(
  names: readonly string[],
  nowMs: number = Date.now(),
): Promise<TlsIdentity> {
  const [authorityKeys, serverKeys] = await Promise.all([generateKeys(), generateKeys()])
  const validity = {
    notBefore: new Date(nowMs - backdatedMs),
    notAfter: new Date(nowMs + validMs),
  }
  const signed = { issuer, signingKey: authorityKeys.privateKey, signingAlgorithm: algorithm }
  const authority = await X509CertificateGenerator.create({
    ...{ ...signed, ...validity, subject: issuer, publicKey: authorityKeys.publicKey },
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
    ],
  })
  const server = await X509CertificateGenerator.create({
    ...{ ...signed, ...validity, publicKey: serverKeys.publicKey },
    subject: 'CN=Steadyship simulator',
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(names.map(alternativeName)),
    ],
  })
  const key = await webcrypto.subtle.exportKey('pkcs8', serverKeys.privateKey)
  return {
    authority: authority.toString('pem'),
    certificate: server.toString('pem'),
    key: PemConverter.encode(key, 'PRIVATE KEY'),
  }
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}

function alternativeName(name: string): { readonly type: 'ip' | 'dns'; readonly value: string } {
  return { type: isIP(name) === 0 ? 'dns' : 'ip', value: name }
}

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
  type Extension,
  type X509CertificateCreateWithKeyParams,
} from '@peculiar/x509'

import type { TlsMaterial } from './listener.ts'

/** A server certificate with the authority that a client has to trust for it. */
export interface TlsIdentity extends TlsMaterial {
  /** The authority's certificate in PEM; its key is gone. */
  readonly authority: string
  /** What a client shows to a server that trusts the authority in turn (mutual TLS). */
  readonly client: TlsMaterial
}

const validMs = 7 * 24 * 3600 * 1000
/** Clients whose clock is a little late accept the certificate, too. */
const backdatedMs = 3600 * 1000
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const issuer = 'CN=Steadyship simulator authority'

/**
 * Makes an authority, a server certificate for `names` (host names and IP addresses) and a client's,
 * ECDSA on P-256, valid for a week from `nowMs`, which is the machine's time: clients check against
 * theirs.
 */
export async function createTlsIdentity(
  names: readonly string[],
  nowMs: number = Date.now(),
): Promise<TlsIdentity> {
  const validity = {
    notBefore: new Date(nowMs - backdatedMs),
    notAfter: new Date(nowMs + validMs),
  }
  const keys = await generateKeys()
  const signed = { issuer, signingKey: keys.privateKey, signingAlgorithm: algorithm, ...validity }
  const authority = await X509CertificateGenerator.create({
    ...{ ...signed, subject: issuer, publicKey: keys.publicKey },
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
    ],
  })
  const [server, client] = await Promise.all([
    issue(signed, 'CN=Steadyship simulator', [
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(names.map(alternativeName)),
    ]),
    issue(signed, 'CN=Steadyship simulator client', [
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth]),
    ]),
  ])
  return { authority: authority.toString('pem'), ...server, client }
}

/** A certificate for somebody who signs nothing, with a key of its own. */
async function issue(
  signed: Omit<X509CertificateCreateWithKeyParams, 'publicKey' | 'subject'>,
  subject: string,
  extensions: readonly Extension[],
): Promise<TlsMaterial> {
  const keys = await generateKeys()
  const certificate = await X509CertificateGenerator.create({
    ...{ ...signed, subject, publicKey: keys.publicKey },
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      ...extensions,
    ],
  })
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  return { certificate: certificate.toString('pem'), key: PemConverter.encode(key, 'PRIVATE KEY') }
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}

function alternativeName(name: string): { readonly type: 'ip' | 'dns'; readonly value: string } {
  return { type: isIP(name) === 0 ? 'dns' : 'ip', value: name }
}

import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'
import { isIPv4, isIPv6 } from 'node:net'

import {
  bits,
  boolean,
  der,
  generalizedTime,
  integer,
  objectId,
  octets,
  sequence,
  set,
  utf8,
} from './der.ts'
import type { TlsMaterial } from './listener.ts'

/** A server certificate with the authority that a client has to trust for it. */
export interface TlsIdentity extends TlsMaterial {
  /** The authority's certificate in PEM; its key is gone. */
  readonly authority: string
}

const VALID_MS = 7 * 24 * 3600 * 1000
/** Clients whose clock is a little late accept the certificate, too. */
const BACKDATED_MS = 3600 * 1000
const ECDSA_SHA256 = sequence(objectId('1.2.840.10045.4.3.2'))

/**
 * Makes an authority and a server certificate for `names` (host names and IP addresses), ECDSA on
 * P-256, valid for a week from `nowMs`, which is the machine's time: clients check against theirs.
 */
export function createTlsIdentity(
  names: readonly string[],
  nowMs: number = Date.now(),
): TlsIdentity {
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const server = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const issuer = 'Steadyship simulator authority'
  const sign = (subject: string, key: KeyObject, extensions: readonly Uint8Array[]): string =>
    certificate({ issuer, subject, key, extensions, nowMs, signer: authority.privateKey })
  return {
    authority: sign(issuer, authority.publicKey, [
      extension('2.5.29.19', true, sequence(boolean(true))),
      // keyCertSign
      extension('2.5.29.15', true, bits(Buffer.from([0x04]), 2)),
    ]),
    certificate: sign('Steadyship simulator', server.publicKey, [
      extension('2.5.29.19', true, sequence()),
      // digitalSignature
      extension('2.5.29.15', true, bits(Buffer.from([0x80]), 7)),
      // serverAuth
      extension('2.5.29.37', false, sequence(objectId('1.3.6.1.5.5.7.3.1'))),
      extension('2.5.29.17', false, sequence(...names.map(alternativeName))),
    ]),
    key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

interface CertificateParts {
  readonly issuer: string
  readonly subject: string
  readonly key: KeyObject
  readonly extensions: readonly Uint8Array[]
  readonly nowMs: number
  readonly signer: KeyObject
}

function certificate(parts: CertificateParts): string {
  const { nowMs } = parts
  const serial = randomBytes(16)
  // A leading bit of 0 and no leading zero byte, as DER wants a positive number.
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40
  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(serial),
    ECDSA_SHA256,
    commonName(parts.issuer),
    sequence(generalizedTime(nowMs - BACKDATED_MS), generalizedTime(nowMs + VALID_MS)),
    commonName(parts.subject),
    parts.key.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...parts.extensions)),
  )
  const signed = sequence(body, ECDSA_SHA256, bits(sign('sha256', body, parts.signer)))
  const lines = signed.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

function commonName(text: string): Buffer {
  return sequence(set(sequence(objectId('2.5.4.3'), utf8(text))))
}

function extension(id: string, critical: boolean, value: Uint8Array): Buffer {
  const flag = critical ? [boolean(true)] : []
  return sequence(objectId(id), ...flag, octets(value))
}

function alternativeName(name: string): Buffer {
  if (isIPv4(name)) return der(0x87, Buffer.from(name.split('.').map(Number)))
  if (isIPv6(name)) return der(0x87, ipv6Bytes(name))
  return der(0x82, Buffer.from(name))
}

function ipv6Bytes(address: string): Buffer {
  // The URL parser writes the address out in its shortest form: at most one `::`.
  const shortest = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [head = '', tail = ''] = shortest.split('::', 2)
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'))
  const zeros = 8 - groups(head).length - groups(tail).length
  const all = [...groups(head), ...Array<string>(zeros).fill('0'), ...groups(tail)]
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex')
}

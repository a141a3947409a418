import { isIPv6 } from 'node:net'

import type { Placeholders } from './placeholders.ts'

const ACCOUNT = /(?:(?<![0-9A-Za-z])|(?<=%3A)|(?<=%2F))\d{12}(?![0-9A-Za-z])/g

/** What may stand anywhere in a text, and what is put in its place. In this order. */
const PATTERNS: readonly {
  readonly kind: string
  readonly pattern: RegExp
  readonly name: (n: number, found: string) => string
}[] = [
  {
    kind: 'secret',
    pattern: /arn:[\w-]+:(?:secretsmanager|ssm|kms):[\w-]*:\d*:[^\s"',<>)\]}]+/g,
    name: (n) => `arn:aws:secretsmanager:us-east-1:000000000000:secret:redacted-${n}`,
  },
  {
    kind: 'token',
    pattern: /eyJ[\w-]+\.[\w-]+\.[\w-]*/g,
    name: () => '[redacted token]',
  },
  {
    kind: 'key',
    pattern: /(?<![0-9A-Za-z])(?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA)[A-Z0-9]{12,}/g,
    name: () => 'AKIDREDACTED',
  },
  {
    kind: 'resource',
    pattern: /(?<![\w-])(?:eni|subnet|sg|vpc|vol|i)-[0-9a-f]{8,17}(?![0-9a-f])/g,
    name: (n, found) => `${found.split('-')[0] ?? ''}-${String(n).padStart(17, '0')}`,
  },
  {
    kind: 'ipv4',
    pattern: /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.]*\d)/g,
    name: documentationAddress,
  },
  {
    kind: 'host',
    pattern: /(?<![\w-])ip-\d{1,3}(?:-\d{1,3}){3}(?!\d)/g,
    name: (n) => `ip-${documentationAddress(n).replaceAll('.', '-')}`,
  },
  {
    kind: 'mac',
    pattern: /(?<![0-9A-Fa-f:])(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}(?![0-9A-Fa-f:])/g,
    name: (n) => `00:00:5e:00:53:${(n % 256).toString(16).padStart(2, '0')}`,
  },
]

const IPV6_CANDIDATE = /(?<![0-9A-Za-z:])[0-9A-Fa-f:]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*(?![0-9A-Za-z])/g

/** Elements of STS's XML, by the kind of their content. */
const XML_CREDENTIAL = /<(AccessKeyId|SecretAccessKey|SessionToken)>[^<]*</g
const XML_SETTING = /<(SubjectFromWebIdentityToken|SourceIdentity)>[^<]*</g

/** `text` without addresses, keys and ids of resources; see {@link accountsIn} for accounts. */
export function redactText(text: string, placeholders: Placeholders): string {
  let result = text
    .replaceAll(XML_CREDENTIAL, '<$1>[redacted]<')
    .replaceAll(XML_SETTING, '<$1>redacted<')
  for (const { kind, pattern, name } of PATTERNS) {
    result = result.replaceAll(pattern, (found) =>
      placeholders.of(kind, found, (n) => name(n, found)),
    )
  }
  return result.replaceAll(IPV6_CANDIDATE, (found) =>
    isIPv6(found) && found.length > 2
      ? placeholders.of('ipv6', found, (n) => `2001:db8::${n.toString(16)}`)
      : found,
  )
}

/** Account ids that `text` names. */
export function accountsIn(text: string): readonly string[] {
  return text.match(ACCOUNT) ?? []
}

/** What an account is called in a redacted trace: twelve digits, as clients expect. */
export function accountName(account: string, placeholders: Placeholders): string {
  if (account === '000000000000') return account
  return placeholders.of('account', account, (n) => String(n).padStart(12, '0'))
}

/** Addresses of RFC 5737, which are nobody's. */
function documentationAddress(n: number): string {
  const network = ['192.0.2', '198.51.100', '203.0.113'][Math.floor((n - 1) / 254) % 3] ?? ''
  return `${network}.${((n - 1) % 254) + 1}`
}

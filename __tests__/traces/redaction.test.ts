import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { redact } from '../../simulator/traces/redaction.ts'
import { readTrace, writeTrace } from '../../simulator/traces/trace.ts'
import type { Exchange, Trace } from '../../simulator/traces/trace.ts'
import { isObject } from '../../simulator/wire/json.ts'
import type { Json, JsonObject } from '../../simulator/wire/service.ts'
import { ecsExchange, traceOf } from './exchange.ts'

const letters = (length: number, alphabet: string) =>
  fc
    .array(fc.constantFrom(...alphabet.split(/(?:)/)), { minLength: length, maxLength: length })
    .map((characters) => characters.join(''))
/** Long enough that no legal text holds it by chance. */
const secret = letters(24, 'qxzjkvQXZJKV0123456789+/-_').map((text) => `Z${text}Z`)
const account = letters(11, '0123456789').map((digits) => `7${digits}`)
const address = fc.tuple(...Array.from({ length: 3 }, () => fc.integer({ min: 20, max: 250 })))

const canaries = fc.record({
  account,
  ip: address.map((parts) => ['10', ...parts].join('.')),
  host: address.map((parts) => ['ip', '10', ...parts].join('-')),
  ipv6: letters(4, '123456789abcdef').map((group) => `fd00:${group}::${group}`),
  mac: letters(10, '0123456789abcdef').map((hex) => `0a:${(hex.match(/../g) ?? []).join(':')}`),
  eni: letters(17, '0123456789abcdef').map((hex) => `eni-${hex}`),
  accessKey: letters(16, 'ABCDEFGHIJ234567').map((text) => `ASIA${text}`),
  jwt: letters(20, 'abcdefABCDEF0123').map((text) => `eyJ${text}.eyJ${text}.${text}`),
  secretName: letters(12, 'abcdefgh').map((name) => `vault-${name}`),
  value: secret,
  argument: secret,
  label: secret,
  tag: secret,
  logLine: secret,
  option: secret,
  login: secret,
  secretKey: secret,
  sessionToken: secret,
  pageToken: secret,
})
type Canaries = Readonly<
  Record<keyof (typeof canaries extends fc.Arbitrary<infer T> ? T : never), string>
>

function secretArn({ account, secretName }: Canaries): string {
  return `arn:aws:secretsmanager:eu-west-1:${account}:secret:${secretName}-AbCdEf:key::`
}

function definition(c: Canaries) {
  return {
    taskDefinitionArn: `arn:aws:ecs:eu-west-1:${c.account}:task-definition/web:7`,
    containerDefinitions: [
      {
        name: 'web',
        image: `${c.account}.dkr.ecr.eu-west-1.amazonaws.com/team/web:1`,
        environment: [{ name: 'PASSWORD', value: c.value }],
        secrets: [{ name: 'KEY', valueFrom: secretArn(c) }],
        command: ['serve', `--token=${c.argument}`],
        healthCheck: { command: ['CMD-SHELL', `curl -u ${c.argument} localhost`] },
        dockerLabels: { owner: c.label },
        logConfiguration: {
          logDriver: 'splunk',
          options: { 'splunk-token': c.option, 'awslogs-group': '/web' },
        },
      },
    ],
  }
}

/** Every secret in its own place, and quoted once more where nobody expects it. */
function exchanges(c: Canaries): readonly Exchange[] {
  const echo = `${c.value} ${c.argument}, ${c.sessionToken}; ${c.logLine} from ${c.ip} (${c.ipv6})`
  const at = { atMs: 1, status: 200 }
  const credentials = `<AccessKeyId>${c.accessKey}</AccessKeyId><SecretAccessKey>${c.secretKey}</SecretAccessKey><SessionToken>${c.sessionToken}</SessionToken>`
  const role = `arn:aws:iam::${c.account}:role/deployer`
  return [
    {
      ...{ ...at, service: 'sts', operation: 'AssumeRoleWithWebIdentity' },
      request: { RoleArn: role, WebIdentityToken: c.jwt, url: `?arn=${encodeURIComponent(role)}` },
      response: `<r><Credentials>${credentials}</Credentials><Account>${c.account}</Account></r>`,
    },
    {
      ...{ ...at, service: 'sts', operation: 'AssumeRole' },
      request: { RoleArn: role, ExternalId: c.secretKey },
      response: { Credentials: { SessionToken: c.sessionToken } },
    },
    {
      ...{ ...at, service: 'ecr', operation: 'GetAuthorizationToken' },
      request: {},
      response: { authorizationData: [{ authorizationToken: c.login }] },
    },
    ecsExchange(
      'RegisterTaskDefinition',
      { ...definition(c), tags: [{ key: 'owner', value: c.tag }] },
      { taskDefinition: definition(c) },
    ),
    ecsExchange('ListTasks', { nextToken: c.pageToken }, { nextToken: c.pageToken }),
    ecsExchange(
      'DescribeTasks',
      {},
      {
        tasks: [
          {
            stoppedReason: `ResourceInitializationError: unable to pull ${secretArn(c)}: ${echo}`,
            attachments: [
              {
                details: [
                  { name: 'networkInterfaceId', value: c.eni },
                  { name: 'macAddress', value: c.mac },
                  { name: 'privateDnsName', value: `${c.host}.eu-west-1.compute.internal` },
                  { name: 'privateIPv4Address', value: c.ip },
                ],
              },
            ],
            overrides: { containerOverrides: [{ environment: [{ name: 'A', value: c.value }] }] },
          },
        ],
      },
    ),
    ecsExchange(
      'DescribeServices',
      {},
      {
        failures: [{ reason: echo }],
        [c.ip]: echo,
        imageManifest: JSON.stringify({ annotations: { by: c.value } }),
      },
    ),
    {
      ...at,
      service: 'logs',
      operation: 'GetLogEvents',
      request: {},
      response: {
        events: [{ timestamp: 1, ingestionTime: 1, message: c.logLine }],
      },
    },
  ]
}

const membersOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {})
const written = (trace: Trace): string => writeTrace(redact(trace))

describe('a redacted trace', () => {
  it('holds none of the secrets, wherever they were', () => {
    fc.assert(
      fc.property(canaries, (c) => {
        const text = written(traceOf(...exchanges(c)))
        expect(Object.entries(c).filter(([, canary]) => text.includes(canary))).toEqual([])
      }),
    )
  })

  it('keeps equal what was equal, and apart what differed', () => {
    fc.assert(
      fc.property(canaries, canaries, (a, b) => {
        fc.pre(a.account !== b.account && a.value !== b.value && a.ip !== b.ip)
        const pairs = [a, a, b].map(({ account, value, ip }) => ({
          arn: `arn:aws:ecs:eu-west-1:${account}:cluster/main`,
          environment: [{ name: 'A', value }],
          ip,
        }))
        const [run] = redact(traceOf(...pairs.map((pair) => ecsExchange('X', {}, pair)))).runs
        const [first, second, third] = run?.exchanges.map(({ response }) => response) ?? []
        expect(first).toEqual(second)
        for (const member of ['arn', 'environment', 'ip']) {
          expect(membersOf(third)[member]).not.toEqual(membersOf(first)[member])
        }
      }),
    )
  })

  it('keeps what rules and clients read', () => {
    const digest = `sha256:${'123456789012'.repeat(5)}abcd`
    const arn = (id: string) => `arn:aws:ecs:eu-west-1:${id}:service/main/web`
    const response = {
      services: [{ serviceArn: arn('210987654321'), rolloutState: 'COMPLETED', runningCount: 2 }],
      id: 'ecs-svc/1234567890123456789',
      imageDigest: digest,
      createdAt: 1763816400.123,
    }
    const [run] = redact(traceOf(ecsExchange('DescribeServices', {}, response))).runs
    expect(run?.exchanges[0]?.response).toEqual({
      ...response,
      services: [{ ...response.services[0], serviceArn: arn('000000000001') }],
    })
  })

  it('keeps a manifest whole or not at all, because its digest is computed from it', () => {
    const clean = '{"schemaVersion":2}'
    const response = {
      images: [{ imageManifest: clean }, { imageManifest: '{"url":"http://10.1.2.3"}' }],
    }
    const [run] = redact(traceOf(ecsExchange('BatchGetImage', {}, response))).runs
    expect(run?.exchanges[0]?.response).toEqual({
      images: [{ imageManifest: clean }, { imageManifest: '[redacted manifest]' }],
    })
  })

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(canaries, (c) => {
        const trace = redact(traceOf(...exchanges(c)))
        expect(readTrace(writeTrace(trace))).toEqual(trace)
      }),
    )
  })
})

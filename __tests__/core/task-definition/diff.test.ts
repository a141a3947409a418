import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import type { JsonObject } from '../../../src/core/json.ts'
import { compareTaskDefinitions } from '../../../src/core/task-definition/compare.ts'
import { describeChange, diffTaskDefinitions } from '../../../src/core/task-definition/diff.ts'
import { allMarks, definitions, marked } from '../../support/marked-definition.ts'

const app = (members: JsonObject): JsonObject => ({
  family: 'web',
  containerDefinitions: [{ name: 'app', image: 'web:1', ...members }],
})
const lines = (before: JsonObject, after: JsonObject) =>
  diffTaskDefinitions(before, after).map(describeChange)

describe('the difference of two task definitions', () => {
  const digest = (character: string) => `host/web@sha256:${character.repeat(64)}`
  it.each<readonly [string, JsonObject, JsonObject, readonly string[]]>([
    [
      'an image by both references, in the short form',
      app({ image: digest('a') }),
      app({ image: digest('b') }),
      [
        'containerDefinitions.app.image: host/web@sha256:aaaaaaaaaaaa -> host/web@sha256:bbbbbbbbbbbb',
      ],
    ],
    ['sizes by value', { cpu: '256' }, { cpu: '512' }, ['cpu: 256 -> 512']],
    ['a role that came', {}, { taskRoleArn: 'arn:role' }, ['taskRoleArn: added (arn:role)']],
    [
      'a log driver by value, its options by name',
      app({ logConfiguration: { logDriver: 'awslogs', options: { group: 'a' } } }),
      app({ logConfiguration: { logDriver: 'splunk', options: { 'splunk-token': 'b' } } }),
      [
        'containerDefinitions.app.logConfiguration.logDriver: awslogs -> splunk',
        'containerDefinitions.app.logConfiguration.options.group: removed',
        'containerDefinitions.app.logConfiguration.options.splunk-token: added',
      ],
    ],
    [
      'variables by name alone',
      app({
        environment: [
          { name: 'OLD', value: '1' },
          { name: 'LOG_LEVEL', value: 'info' },
        ],
      }),
      app({
        environment: [
          { name: 'LOG_LEVEL', value: 'debug' },
          { name: 'NEW', value: '1' },
        ],
      }),
      [
        'containerDefinitions.app.environment.LOG_LEVEL: changed',
        'containerDefinitions.app.environment.OLD: removed',
        'containerDefinitions.app.environment.NEW: added',
      ],
    ],
    [
      'the first variable of a container',
      app({}),
      app({ environment: [{ name: 'A', value: '1' }] }),
      ['containerDefinitions.app.environment.A: added'],
    ],
    [
      'secrets and commands without a word of them',
      app({ secrets: [{ name: 'KEY', valueFrom: 'arn:a' }], command: ['--token', 'a'] }),
      app({ secrets: [{ name: 'KEY', valueFrom: 'arn:b' }], command: ['--token', 'b'] }),
      [
        'containerDefinitions.app.command: changed',
        'containerDefinitions.app.secrets.KEY: changed',
      ],
    ],
    [
      'an empty command, which overrides the image',
      app({}),
      app({ command: [] }),
      ['containerDefinitions.app.command: added'],
    ],
    [
      'a container that came, in one line',
      app({}),
      {
        family: 'web',
        containerDefinitions: [
          { name: 'proxy', image: 'envoy', environment: [{ name: 'A', value: 'secret' }] },
          { name: 'app', image: 'web:1' },
        ],
      },
      ['containerDefinitions.proxy: added'],
    ],
    [
      'ports by their number',
      app({ portMappings: [{ containerPort: 80 }, { containerPort: 443 }] }),
      app({ portMappings: [{ containerPort: 443, name: 'tls' }] }),
      [
        'containerDefinitions.app.portMappings.443.name: added',
        'containerDefinitions.app.portMappings.80: removed',
      ],
    ],
    [
      'a label that is called like a shown member by name alone',
      app({ dockerLabels: { image: 'a', cpu: 'a' } }),
      app({ dockerLabels: { image: 'b', cpu: 'b' } }),
      [
        'containerDefinitions.app.dockerLabels.cpu: changed',
        'containerDefinitions.app.dockerLabels.image: changed',
      ],
    ],
    [
      'neither order, nor what ECS fills in, nor tags',
      {
        ...app({
          environment: [
            { name: 'A', value: '1' },
            { name: 'B', value: '2' },
          ],
        }),
        tags: [{ key: 'a', value: 'b' }],
      },
      {
        ...app({
          cpu: 0,
          essential: true,
          environment: [
            { name: 'B', value: '2' },
            { name: 'A', value: '1' },
          ],
        }),
        revision: 3,
      },
      [],
    ],
  ])('names %s', (_what, before, after, expected) => {
    expect(lines(before, after)).toEqual(expected)
  })

  it('takes members that are called like those of every object for what they are', () => {
    const list = (value: string) => ({ constructor: [{ name: 'a', kind: value }] })
    expect(lines(list('x'), list('y'))).toEqual(['constructor.a.kind: changed'])
  })

  it('is empty exactly where a comparison finds nothing', () => {
    fc.assert(
      fc.property(definitions, definitions, fc.boolean(), (one, other, same) => {
        const second = same ? one : other
        const found = compareTaskDefinitions(one, second)
        expect(diffTaskDefinitions(one, second).length === 0).toBe(found.length === 0)
      }),
    )
  })

  it('holds no value that could be a secret', () => {
    fc.assert(
      fc.property(definitions, definitions, (one, other) => {
        const changes = diffTaskDefinitions(one, other)
        const told = JSON.stringify(changes) + changes.map(describeChange).join('\n')
        expect(marked.test(told)).toBe(false)
        expect(allMarks(one)).toBeGreaterThan(0)
      }),
    )
  })
})

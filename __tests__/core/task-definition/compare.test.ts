import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import type { JsonObject } from '../../../src/core/json.ts'
import { compareTaskDefinitions } from '../../../src/core/task-definition/compare.ts'

const named = (name: string) => fc.record({ name: fc.constant(name), value: fc.string() })
const environment = fc
  .uniqueArray(fc.string({ minLength: 1 }), { maxLength: 4 })
  .chain((names) => fc.tuple(...names.map(named)))
const container = (name: string) =>
  fc.record(
    {
      name: fc.constant(name),
      image: fc.string(),
      environment,
      command: fc.array(fc.string(), { maxLength: 3 }),
      portMappings: fc.uniqueArray(fc.record({ containerPort: fc.integer({ min: 1, max: 99 }) }), {
        maxLength: 3,
        selector: ({ containerPort }) => containerPort,
      }),
      healthCheck: fc.record({ command: fc.array(fc.string(), { minLength: 1, maxLength: 2 }) }),
      future: fc.jsonValue({ maxDepth: 2 }),
    },
    { requiredKeys: ['name', 'image', 'environment', 'portMappings'] },
  )
const definitions = fc.record({
  family: fc.constant('web'),
  networkMode: fc.constantFrom('awsvpc', 'bridge'),
  containerDefinitions: fc
    .uniqueArray(fc.constantFrom('app', 'proxy', 'log'), { minLength: 1 })
    .chain((names) => fc.tuple(...names.map(container))),
})
const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as JsonObject

/** What ECS makes of a definition that it was given: defaults filled in, answers' members added. */
function asAnswered(definition: {
  readonly networkMode: string
  readonly containerDefinitions: readonly object[]
}): JsonObject {
  const containers = plain({ all: definition.containerDefinitions })['all']
  return plain({
    ...definition,
    taskDefinitionArn: 'arn:aws:ecs:eu-west-1:1:task-definition/web:7',
    ...{ revision: 7, status: 'ACTIVE', registeredAt: 1.5, registeredBy: 'x' },
    ...{ requiresAttributes: [], compatibilities: ['EC2'], volumes: [], placementConstraints: [] },
    containerDefinitions: (containers as readonly JsonObject[]).map((each) => ({
      ...{ cpu: 0, essential: true, mountPoints: [], volumesFrom: [], systemControls: [] },
      ...each,
      ...(each['healthCheck'] !== undefined && {
        healthCheck: { interval: 30, timeout: 5, retries: 3, ...(each['healthCheck'] as object) },
      }),
      portMappings: (each['portMappings'] as readonly JsonObject[]).map((mapping) => ({
        ...mapping,
        hostPort: definition.networkMode === 'awsvpc' ? mapping['containerPort'] : 0,
        protocol: 'tcp',
      })),
    })),
  })
}

describe('comparing task definitions', () => {
  it('finds none different from itself', () => {
    fc.assert(
      fc.property(definitions, (definition) => {
        expect(compareTaskDefinitions(plain(definition), plain(definition))).toEqual([])
      }),
    )
  })

  it('does not see what ECS adds to its answer', () => {
    fc.assert(
      fc.property(definitions, (definition) => {
        expect(compareTaskDefinitions(asAnswered(definition), plain(definition))).toEqual([])
      }),
    )
  })

  it('does not see the order of named lists', () => {
    fc.assert(
      fc.property(definitions, (definition) => {
        const reversed = plain({
          ...definition,
          containerDefinitions: [...definition.containerDefinitions]
            .reverse()
            .map((each) => ({ ...each, environment: [...each.environment].reverse() })),
        })
        expect(compareTaskDefinitions(reversed, plain(definition))).toEqual([])
      }),
    )
  })

  it('sees every change of an image, and says where', () => {
    fc.assert(
      fc.property(definitions, (definition) => {
        const [first, ...others] = definition.containerDefinitions
        const changed = plain({
          ...definition,
          containerDefinitions: [{ ...first, image: `${first?.image ?? ''}!` }, ...others],
        })
        expect(compareTaskDefinitions(plain(definition), changed)).toEqual([
          `containerDefinitions[${first?.name ?? ''}].image`,
        ])
      }),
    )
  })

  it.each<[string, JsonObject, JsonObject]>([
    ['a member that we do not know', { future: { a: 1 } }, { future: { a: 2 } }],
    ['an added environment variable', app({}), app({ environment: [{ name: 'A', value: '' }] })],
    ['the order of a command', app({ command: ['a', 'b'] }), app({ command: ['b', 'a'] })],
    ['an emptied command', app({}), app({ command: [] })],
    [
      'the order of environment files',
      app({ environmentFiles: files('a', 'b') }),
      app({ environmentFiles: files('b', 'a') }),
    ],
    ['essential', app({}), app({ essential: false })],
    ['the runtime platform', {}, { runtimePlatform: { cpuArchitecture: 'ARM64' } }],
    ['cpu', { cpu: '256' }, { cpu: '512' }],
  ])('sees %s', (_what, a, b) => {
    expect(compareTaskDefinitions(a, b)).not.toEqual([])
  })

  it.each<[string, JsonObject, JsonObject]>([
    ['tags', { tags: [{ key: 'a', value: 'b' }] }, {}],
    ['sizes with units', { cpu: '0.5 vCPU', memory: '2 GB' }, { cpu: '512', memory: '2048' }],
    ['an empty host', { volumes: [{ name: 'v', host: {} }] }, { volumes: [{ name: 'v' }] }],
    ['nulls', { taskRoleArn: null }, {}],
    [
      'compatibilities in another order',
      { requiresCompatibilities: ['EC2', 'FARGATE'] },
      { requiresCompatibilities: ['FARGATE', 'EC2'] },
    ],
  ])('does not see %s', (_what, a, b) => {
    expect(compareTaskDefinitions(a, b)).toEqual([])
  })

  it('never tells values', () => {
    const secret = app({ environment: [{ name: 'TOKEN', value: 'hunter2' }] })
    const other = app({ environment: [{ name: 'TOKEN', value: 'swordfish' }] })
    expect(compareTaskDefinitions(secret, other)).toEqual([
      'containerDefinitions[app].environment[TOKEN].value',
    ])
  })
})

function app(members: JsonObject): JsonObject {
  return { containerDefinitions: [{ name: 'app', ...members }] }
}

function files(...names: readonly string[]): readonly JsonObject[] {
  return names.map((name) => ({ value: name, type: 's3' }))
}

import fc from 'fast-check'

import type { JsonObject } from '../../src/core/json.ts'

/** Finds a value that nobody may read. */
export const marked = /marked-secret/

/** How many of them a value holds. */
export function allMarks(value: unknown): number {
  return JSON.stringify(value).split('marked-secret').length - 1
}

/** A value that nobody may read; with the characters that could get it out of a quoted place. */
export const secretText = fc
  .tuple(fc.string({ maxLength: 4 }), fc.constantFrom('', '\n', '"', ',', '=', '::'))
  .map(([text, separator]) => `marked-secret-${text}${separator}marked-secret`)

const names = fc.uniqueArray(fc.constantFrom('A', 'LOG_LEVEL', 'image', 'cpu', 'value', 'name'), {
  maxLength: 4,
})
const pairs = (value: 'value' | 'valueFrom') =>
  names.chain((chosen) =>
    fc.tuple(...chosen.map((name) => secretText.map((secret) => ({ name, [value]: secret })))),
  )
const options = names.chain((chosen) =>
  fc
    .tuple(...chosen.map((name) => secretText.map((secret) => [name, secret] as const)))
    .map((entries) => Object.fromEntries(entries)),
)
const words = fc.array(secretText, { maxLength: 3 })

const container = (name: string) =>
  fc.record(
    {
      name: fc.constant(name),
      image: fc.constantFrom('web:1', `host/web@sha256:${'a'.repeat(64)}`),
      cpu: fc.nat(4),
      environment: pairs('value'),
      secrets: pairs('valueFrom'),
      environmentFiles: fc.array(fc.record({ value: secretText, type: fc.constant('s3') }), {
        maxLength: 2,
      }),
      command: words,
      entryPoint: words,
      healthCheck: fc.record({ command: words, interval: fc.constantFrom(10, 30) }),
      dockerLabels: options,
      logConfiguration: fc.record({
        logDriver: fc.constantFrom('awslogs', 'splunk'),
        options,
        secretOptions: pairs('valueFrom'),
      }),
      repositoryCredentials: fc.record({ credentialsParameter: secretText }),
      portMappings: fc.uniqueArray(fc.record({ containerPort: fc.integer({ min: 1, max: 9 }) }), {
        maxLength: 3,
        selector: ({ containerPort }) => containerPort,
      }),
      future: fc.record({ image: secretText, list: words }),
    },
    { requiredKeys: ['name', 'image'] },
  )

/** Task definitions whose every value that could be a secret is one that {@link marked} finds. */
export const definitions: fc.Arbitrary<JsonObject> = fc
  .record({
    family: fc.constant('web'),
    cpu: fc.constantFrom('256', '512', '.25 vcpu'),
    proxyConfiguration: fc.record({
      containerName: fc.constant('app'),
      properties: pairs('value'),
    }),
    containerDefinitions: fc
      .uniqueArray(fc.constantFrom('app', 'proxy', 'image'), { minLength: 1 })
      .chain((chosen) => fc.tuple(...chosen.map(container))),
    volumes: fc.constantFrom([], [{ name: 'data', host: { sourcePath: '/marked-secret' } }]),
    future: secretText,
  })
  .map((definition) => JSON.parse(JSON.stringify(definition)) as JsonObject)

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { isObject, parseJson } from '../../../simulator/wire/json.ts'
import type { JsonObject } from '../../../simulator/wire/service.ts'

import { arnOf, call, member, stage, webContainer, webDefinition } from './stage.ts'

const fargate: JsonObject = {
  requiresCompatibilities: ['FARGATE'],
  networkMode: 'awsvpc',
  cpu: '256',
  memory: '512',
}
/** What is left of a value after a journey as JSON text. */
function wireForm(value: unknown): JsonObject {
  const json = parseJson(JSON.stringify(value))
  return isObject(json) ? json : {}
}

const role = 'arn:aws:iam::123456789012:role/execution'

describe('ECS-1 task definitions are lossless', () => {
  it('ECS-1 members that nobody knows come back, at every depth', async () => {
    const { ask } = await stage()
    const future = fc.dictionary(fc.stringMatching(/^future[A-Z][a-z]{2,8}$/), fc.jsonValue())
    await fc.assert(
      fc.asyncProperty(future, future, async (top, inner) => {
        const input = wireForm(webDefinition(wireForm(top), wireForm(inner)))
        await ask('RegisterTaskDefinition', input)
        const answer = await ask('DescribeTaskDefinition', { taskDefinition: 'web' })
        const described = member(answer, 'taskDefinition')
        expect(described).toMatchObject({ ...input, containerDefinitions: expect.anything() })
        expect(described['containerDefinitions']).toMatchObject([
          { name: 'app', ...wireForm(inner) },
        ])
      }),
      { numRuns: 50 },
    )
  })

  it('ECS-1 adds what ECS adds: ARN, revision, status, times and defaults', async () => {
    const { ask, register } = await stage()
    expect(await register(fargate)).toBe(arnOf('task-definition/web:1'))
    const answer = await ask('DescribeTaskDefinition', { taskDefinition: 'web:1' })
    expect(answer['taskDefinition']).toMatchObject({
      taskDefinitionArn: arnOf('task-definition/web:1'),
      revision: 1,
      status: 'ACTIVE',
      compatibilities: ['EC2', 'FARGATE'],
      registeredAt: 1_767_225_600,
      registeredBy: call.caller.arn,
      volumes: [],
      containerDefinitions: [
        {
          essential: true,
          cpu: 0,
          environment: [],
          portMappings: [{ containerPort: 80, hostPort: 80, protocol: 'tcp' }],
        },
      ],
    })
  })
})

describe('ECS-2 families and revisions', () => {
  it('ECS-2 every registration is a new revision, an equal one too', async () => {
    const { ask, register } = await stage()
    await register()
    expect(await register()).toBe(arnOf('task-definition/web:2'))
    expect(await ask('ListTaskDefinitions', { familyPrefix: 'web', sort: 'DESC' })).toEqual({
      taskDefinitionArns: [arnOf('task-definition/web:2'), arnOf('task-definition/web:1')],
    })
  })

  it('ECS-2 tags are answered beside the definition and only when asked for', async () => {
    const { ask, register } = await stage()
    const tags = [{ key: 'commit', value: 'abc' }]
    await register({ tags })
    const bare = await ask('DescribeTaskDefinition', { taskDefinition: 'web' })
    const full = await ask('DescribeTaskDefinition', { taskDefinition: 'web', include: ['TAGS'] })
    expect([bare['tags'], full['tags']]).toEqual([undefined, tags])
    expect(member(full, 'taskDefinition')['tags']).toBeUndefined()
  })

  it('ECS-2 a family alone means its newest ACTIVE revision', async () => {
    const { ask, register, refusal } = await stage()
    await register()
    await register()
    const gone = await ask('DeregisterTaskDefinition', { taskDefinition: 'web:2' })
    expect(member(gone, 'taskDefinition')['status']).toBe('INACTIVE')
    const answer = await ask('DescribeTaskDefinition', { taskDefinition: 'web' })
    expect(member(answer, 'taskDefinition')['revision']).toBe(1)
    expect(await refusal('DescribeTaskDefinition', { taskDefinition: 'web:9' })).toBe(
      'ClientException: Unable to describe task definition.',
    )
  })
})

const refused: [string, JsonObject, JsonObject][] = [
  ['Container.image should not be null or empty.', {}, { image: '' }],
  ['Container.name should not be null or empty.', {}, { name: '' }],
  ['Container.name contains invalid characters.', {}, { name: 'a b' }],
  ['Family contains invalid characters.', { family: 'a b' }, {}],
  ['Container list cannot be empty.', { containerDefinitions: [] }, {}],
  [
    'Container names must be unique within a Task Definition.',
    { containerDefinitions: [webContainer, webContainer] },
    {},
  ],
  ["Task definition doesn't have any essential container.", {}, { essential: false }],
  [
    "Invalid setting for container 'app'. At least one of 'memory' or 'memoryReservation' must be specified.",
    {},
    { memory: null },
  ],
  ["The 'memory' setting for container is greater than for the task.", fargate, { memory: 1024 }],
  [
    'Duplicate secret names found: KEY. Each secret name must be unique.',
    { executionRoleArn: role },
    { secrets: [{ name: 'KEY' }, { name: 'KEY' }] },
  ],
  [
    "The secret name must be unique and not shared with any new or existing environment variables set on the container, such as 'KEY'.",
    { executionRoleArn: role },
    { secrets: [{ name: 'KEY' }], environment: [{ name: 'KEY', value: '1' }] },
  ],
  [
    "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
    {},
    { secrets: [{ name: 'KEY', valueFrom: 'arn' }] },
  ],
  ['Role is not valid', { executionRoleArn: 'execution' }, {}],
  ["Fargate only supports network mode 'awsvpc'.", { ...fargate, networkMode: 'bridge' }, {}],
  ["Fargate requires that 'cpu' be defined at the task level.", { ...fargate, cpu: null }, {}],
  [
    "Fargate requires that 'memory' be defined at the task level.",
    { ...fargate, memory: null },
    {},
  ],
  ['No Fargate configuration exists for given values.', { ...fargate, memory: '8192' }, {}],
  [
    'Fargate requires task definition to have execution role ARN to support ECR images.',
    fargate,
    { image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1' },
  ],
  [
    'Fargate requires task definition to have execution role ARN to support log driver awslogs.',
    fargate,
    { logConfiguration: { logDriver: 'awslogs' } },
  ],
  ["Unexpected key 'compatibilities' found in params", { compatibilities: ['EC2'] }, {}],
]

describe('ECS-3 RegisterTaskDefinition refuses', () => {
  it.each(refused)('ECS-3 %s', async (text, changes, container) => {
    const { refusal } = await stage()
    const input = webDefinition(changes, container)
    expect(await refusal('RegisterTaskDefinition', input)).toBe(`ClientException: ${text}`)
  })

  it('ECS-3 passes a name that is twice in environment, as it came', async () => {
    const { ask } = await stage()
    const environment = ['1', '2'].map((value) => ({ name: 'KEY', value }))
    const answer = await ask('RegisterTaskDefinition', webDefinition({}, { environment }))
    expect(answer).toMatchObject({ taskDefinition: { containerDefinitions: [{ environment }] } })
  })

  it('ECS-3 a definition of more than 65536 bytes', async () => {
    const { refusal } = await stage()
    const input = webDefinition({}, { command: ['x'.repeat(70_000)] })
    expect(await refusal('RegisterTaskDefinition', input)).toMatch(
      /^ClientException: Actual length: '70\d{3}'\. Max allowed length is '65536' bytes\.$/,
    )
  })
})

describe('ECS-4 the sizes of Fargate tasks', () => {
  it.each([
    ['256', '512', true],
    ['.25 vCPU', '0.5 GB', true],
    ['256', '3072', false],
    ['512', '4096', true],
    ['1024', '1024', false],
    ['1 vCPU', '8GB', true],
    ['4096', '30720', true],
    ['8192', '20480', true],
    ['8192', '18432', false],
    ['16384', '122880', true],
    ['300', '512', false],
  ])('ECS-4 cpu %s with memory %s: %s', async (cpu, memory, legal) => {
    const { refusal } = await stage()
    const input = webDefinition({ ...fargate, cpu, memory }, { memory: null })
    const answer = await refusal('RegisterTaskDefinition', input)
    expect(answer === 'accepted').toBe(legal)
  })
})

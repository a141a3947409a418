import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import type { DeployInputs } from '../../src/core/inputs/inputs.ts'
import { objectAt, objectsAt, type JsonObject } from '../../src/core/json.ts'
import type {
  ContainerChanges,
  DefinitionChanges,
  TaskChanges,
} from '../../src/core/task-definition/changes/changes.ts'
import { noChanges } from '../../src/core/task-definition/changes/no-changes.ts'
import { registerTaskDefinition } from '../../src/stages/deploy/register-task-definition.ts'
import { EcsWorld, fromFile, taskDefinition } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'

type Choice = DeployInputs['taskDefinition']['choice']

const changing = (
  container: Partial<ContainerChanges>,
  task: Partial<TaskChanges> = {},
): DefinitionChanges => ({
  container: { ...noChanges.container, ...container },
  task: { ...noChanges.task, ...task },
  containerImages: new Map(),
})
const setting = (name: string, value: string) => ({
  set: new Map([[name, value]]),
  removed: new Set<string>(),
})

describe('a task definition with changes', () => {
  let world: EcsWorld
  beforeEach(async () => {
    world = await EcsWorld.create()
  })
  afterEach(async () => {
    await world.close()
  })

  const register = async (
    taskDefinition: DeployInputs['taskDefinition'],
    image?: ReturnType<typeof pushedImage>,
  ) => {
    const plan = await world.plan({ taskDefinition }, image)
    return await registerTaskDefinition(plan, image, world.session, world.ports)
  }
  const change = (changes: DefinitionChanges, choice: Choice = { kind: 'service' }) =>
    register({ choice, changes })
  const stored = async (name: string) => {
    const answer = await world.call('DescribeTaskDefinition', { taskDefinition: name })
    return objectAt(answer, 'taskDefinition')
  }
  const addRevision = (members: JsonObject) =>
    world.call('RegisterTaskDefinition', { ...taskDefinition, ...members })

  it('is registered with them and the image, and says what changed, never to what', async () => {
    const changes = changing(
      {
        environment: setting('PASSWORD', 'hunter2'),
        secrets: setting('TOKEN', 'arn:aws:ssm:us-east-1:123456789012:parameter/hunter2'),
        command: ['serve', 'hunter2'],
        logOptions: new Map([['mode', 'non-blocking']]),
      },
      { taskRoleArn: 'web', cpu: '512', memory: '1024' },
    )
    const image = pushedImage(1)
    const choice = { kind: 'service' } as const
    const revision = await register({ choice, changes }, image)
    expect(revision).toMatchObject({ name: 'web:2', registered: true })
    const definition = await stored('web:2')
    expect(definition).toMatchObject({
      ...{ cpu: '512', memory: '1024', taskRoleArn: 'arn:aws:iam::123456789012:role/web' },
      executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
    })
    expect(objectsAt(definition, 'containerDefinitions')[0]).toMatchObject({
      image: `registry.example.com/web@${image.digest}`,
      environment: [{ name: 'PASSWORD', value: 'hunter2' }],
      secrets: [{ name: 'TOKEN', valueFrom: expect.stringContaining('parameter/hunter2') }],
      command: ['serve', 'hunter2'],
      logConfiguration: { options: { 'awslogs-group': '/web', mode: 'non-blocking' } },
    })
    expect(world.report.everything).toContain('containerDefinitions.app.environment')
    expect(world.report.everything).not.toContain('hunter2')
  })

  it('is adopted where a revision says the same already', async () => {
    const changes = changing({ environment: setting('A', '1') }, { taskRoleArn: 'web' })
    await change(changes)
    expect(await change(changes)).toMatchObject({ name: 'web:2', registered: false })
    expect(await world.revisions()).toBe(2)
  })

  it('moves a secret to the variables and says so', async () => {
    await addRevision({
      containerDefinitions: [
        { name: 'app', image: 'x:1', secrets: [{ name: 'A', valueFrom: 'arn:aws:ssm:::p' }] },
      ],
    })
    const choice = { kind: 'family', family: 'web' } as const
    await change(changing({ environment: setting('A', 'hunter2') }), choice)
    const [container] = objectsAt(await stored('web:3'), 'containerDefinitions')
    expect(container).toMatchObject({ environment: [{ name: 'A', value: 'hunter2' }] })
    expect(objectsAt(container ?? {}, 'secrets')).toEqual([])
    expect(world.report.notices).toEqual([
      'container "app" of web: A: moved from secrets to environment',
    ])
  })

  it('of a family comes from its newest revision', async () => {
    await addRevision({ cpu: '1024', memory: '2048' })
    const revision = await change(noChanges, { kind: 'family', family: 'web' })
    expect(revision).toMatchObject({ name: 'web:2', registered: false })
  })

  it('of a revision is that revision, even where the running one says the same', async () => {
    await addRevision({})
    const choice = { kind: 'revision', revision: 'web:2', region: undefined } as const
    expect(await change(noChanges, choice)).toMatchObject({ name: 'web:2', registered: false })
    expect(world.requests('RegisterTaskDefinition')).toBe(0)
    const edited = await change(changing({ command: ['x'] }), choice)
    expect(edited).toMatchObject({ name: 'web:3', registered: true })
  })

  it('of a revision that is inactive is refused as it is, and registered with changes', async () => {
    await addRevision({ cpu: '512', memory: '1024' })
    await world.call('DeregisterTaskDefinition', { taskDefinition: 'web:2' })
    const choice = { kind: 'revision', revision: 'web:2', region: undefined } as const
    await expect(change(noChanges, choice)).rejects.toMatchObject({
      code: 'task-definition-refused',
      message: expect.stringContaining('task definition web:2 is INACTIVE'),
    })
    const edited = await change(changing({ command: ['x'] }), choice)
    expect(edited).toMatchObject({ name: 'web:3', registered: true })
  })

  it('of a family that does not exist is refused', async () => {
    await expect(change(noChanges, { kind: 'family', family: 'wbe' })).rejects.toMatchObject({
      code: 'task-definition-not-found',
      message: expect.stringContaining('task definition wbe'),
    })
  })

  it('gets images by container, and refuses a container that is not there', async () => {
    const images = (name: string) => ({
      ...noChanges,
      containerImages: new Map([[name, 'nginx:2']]),
    })
    expect(await change(images('app'))).toMatchObject({ name: 'web:2' })
    expect(objectsAt(await stored('web:2'), 'containerDefinitions')[0]?.['image']).toBe('nginx:2')
    await expect(change(images('ap'))).rejects.toMatchObject({
      code: 'container-not-found',
      remedy: expect.stringContaining('container-images'),
    })
  })

  it('is judged before anything is written', async () => {
    const file = { ...taskDefinition, executionRoleArn: undefined, memory: '333' }
    world.files.set('/workspace/td.json', JSON.stringify(file))
    const secrets = setting('A', 'arn:aws:ssm:us-east-1:123456789012:parameter/a')
    const inputs = { ...fromFile('td.json'), changes: changing({ secrets }) }
    await expect(register(inputs)).rejects.toMatchObject({
      code: 'task-definition-refused',
      message: expect.stringMatching(
        /^3 things are wrong: .*secrets of "app" an execution role.*awslogs.*no memory 333 for cpu 256/,
      ),
    })
    expect(world.requests('RegisterTaskDefinition')).toBe(0)
  })

  it('from a file is judged without changes, too; one that ECS has accepted is not', async () => {
    world.files.set('/workspace/td.json', JSON.stringify({ ...taskDefinition, cpu: '300' }))
    await expect(world.plan({ taskDefinition: fromFile('td.json') })).rejects.toMatchObject({
      code: 'task-definition-refused',
      message: expect.stringContaining('file td.json cannot be registered: Fargate has no cpu 300'),
    })
    const grown = { ...taskDefinition, cpu: '300', taskDefinitionArn: 'arn:old' }
    const session = world.with({
      describeTaskDefinition: () => Promise.resolve({ taskDefinition: grown, tags: [] }),
    })
    await expect(world.plan({}, undefined, session)).resolves.toBeDefined()
  })

  it('from a file with unknown members warns once, and sends them', async () => {
    const file = { ...taskDefinition, futureMember: 1, famly: 'x' }
    world.files.set('/workspace/td.json', JSON.stringify(file))
    await register(fromFile('td.json'))
    expect(world.report.warnings).toEqual([
      'file td.json has members that are not known and are sent as they are: futureMember, famly (did you mean family?)',
    ])
    expect(await stored('web:2')).toMatchObject({ futureMember: 1, famly: 'x' })
  })
})

import { afterEach, describe, expect, it } from '@jest/globals'

import { AwsFailure } from '../../src/core/errors/aws-failure.ts'
import { objectAt, objectsAt } from '../../src/core/json.ts'
import type { JsonObject } from '../../src/core/json.ts'
import { registerTaskDefinition } from '../../src/stages/deploy/register-task-definition.ts'
import { EcsWorld, fromFile, taskDefinition, type WorldOptions } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'

let current: EcsWorld | undefined
afterEach(async () => {
  await current?.close()
  current = undefined
})

async function createWorld(options: WorldOptions = {}): Promise<EcsWorld> {
  current = await EcsWorld.create(options)
  return current
}

const failure = (code: string, message: string, httpStatus?: number) =>
  new AwsFailure({
    ...{ service: 'ECS', operation: 'RegisterTaskDefinition', code, message, httpStatus },
  })
const busy = failure(
  'ClientException',
  'Too many concurrent attempts to create a new revision of the specified family.',
  400,
)
const throttled = failure('ThrottlingException', 'Rate exceeded', 400)
const reset = failure('ECONNRESET', 'socket hang up')

describe('registering a task definition', () => {
  it('keeps members that nobody knows, and tags, and puts the image in by digest', async () => {
    const world = await createWorld({
      definition: {
        futureMember: { deep: [1, ''] },
        tags: [{ key: 'team', value: 'shop' }],
      },
    })
    const image = pushedImage(1)
    const revision = await registerTaskDefinition(
      await world.plan({}, image),
      ...([image, world.session, world.ports] as const),
    )
    expect(revision).toMatchObject({ name: 'web:2', registered: true })
    const stored = await world.call('DescribeTaskDefinition', {
      ...{ taskDefinition: 'web:2', include: ['TAGS'] },
    })
    expect(stored['tags']).toEqual([{ key: 'team', value: 'shop' }])
    const definition = objectAt(stored, 'taskDefinition')
    expect(definition['futureMember']).toEqual({ deep: [1, ''] })
    expect(objectsAt(definition, 'containerDefinitions')[0]?.['image']).toBe(
      `registry.example.com/web@${image.digest}`,
    )
  })

  it('adopts the revision that the service runs when it says the same', async () => {
    const world = await createWorld()
    const plan = await world.plan()
    const revision = await registerTaskDefinition(plan, undefined, world.session, world.ports)
    expect(revision).toMatchObject({ name: 'web:1', registered: false })
    expect(world.requests('RegisterTaskDefinition')).toBe(0)
  })

  it("adopts the family's newest revision, so that a second run registers none", async () => {
    const world = await createWorld()
    const image = pushedImage(1)
    const plan = await world.plan({}, image)
    await registerTaskDefinition(plan, image, world.session, world.ports)
    const again = await registerTaskDefinition(plan, image, world.session, world.ports)
    expect(again).toMatchObject({ name: 'web:2', registered: false })
    expect(await world.revisions()).toBe(2)
  })

  it('registers the first revision of a family that a file names', async () => {
    const world = await createWorld()
    world.files.set('/workspace/td.json', JSON.stringify({ ...taskDefinition, family: 'api' }))
    const plan = await world.plan({ taskDefinition: fromFile('td.json') })
    const revision = await registerTaskDefinition(plan, undefined, world.session, world.ports)
    expect(revision).toMatchObject({ name: 'api:1', registered: true })
    const rendered: unknown = JSON.parse(
      world.files.get('/temporary/task-definition-api.json') ?? '',
    )
    expect(rendered).toMatchObject({ family: 'api' })
  })

  it('tries again while it is throttled or the family is busy', async () => {
    const world = await createWorld()
    const refusals = [busy, throttled, busy]
    const session = world.with({
      registerTaskDefinition: (input) => {
        const refusal = refusals.shift()
        return refusal === undefined
          ? world.session.ecs.registerTaskDefinition(input)
          : Promise.reject(refusal)
      },
    })
    const image = pushedImage(1)
    const plan = await world.plan({}, image)
    const startedAtMs = world.clock.monotonicMs()
    const revision = await registerTaskDefinition(plan, image, session, world.ports)
    expect(revision).toMatchObject({ name: 'web:2', registered: true })
    expect(world.clock.monotonicMs() - startedAtMs).toBe(1_000 + 2_000 + 4_000)
  })

  it('adopts what was registered although the answer was lost', async () => {
    const world = await createWorld()
    const session = world.with({
      registerTaskDefinition: async (input: JsonObject) => {
        await world.session.ecs.registerTaskDefinition(input)
        throw reset
      },
    })
    const image = pushedImage(1)
    const plan = await world.plan({}, image)
    const revision = await registerTaskDefinition(plan, image, session, world.ports)
    expect(revision).toMatchObject({ name: 'web:2', registered: true })
    expect(await world.revisions()).toBe(2)
  })

  it('looks at what was registered where the answer holds no containers', async () => {
    const world = await createWorld()
    let sent = 0
    const session = world.with({
      registerTaskDefinition: async (input: JsonObject) => {
        sent += 1
        const answer = await world.session.ecs.registerTaskDefinition(input)
        const { taskDefinitionArn } = objectAt(answer, 'taskDefinition')
        return { taskDefinition: { taskDefinitionArn: taskDefinitionArn ?? '' } }
      },
    })
    const image = pushedImage(1)
    const plan = await world.plan({}, image)
    const revision = await registerTaskDefinition(plan, image, session, world.ports)
    expect(revision).toMatchObject({
      ...{ name: 'web:2', registered: true },
      definition: { containerDefinitions: [{ name: 'app' }] },
    })
    expect(sent).toBe(1)
  })

  it('sends again what was lost on the way', async () => {
    const world = await createWorld()
    let lost = false
    const session = world.with({
      registerTaskDefinition: (input) => {
        if (lost) return world.session.ecs.registerTaskDefinition(input)
        lost = true
        return Promise.reject(reset)
      },
    })
    const image = pushedImage(1)
    const plan = await world.plan({}, image)
    const revision = await registerTaskDefinition(plan, image, session, world.ports)
    expect(revision).toMatchObject({ name: 'web:2', registered: true })
  })

  /** ECS takes the first call, whose answer is lost; the looks show it from look number `from` on. */
  function losing(
    world: EcsWorld,
    before: JsonObject,
    { from, then }: { readonly from: number; readonly then: Error },
  ) {
    let sent = 0
    let looks = 0
    const { ecs } = world.session
    return world.with({
      registerTaskDefinition: async (input: JsonObject) => {
        sent += 1
        if (sent > 1) throw then
        await ecs.registerTaskDefinition(input)
        throw reset
      },
      describeTaskDefinition: async (input: JsonObject) => {
        if (sent > 0) looks += 1
        return sent === 0 || looks >= from ? await ecs.describeTaskDefinition(input) : before
      },
    })
  }

  it.each([
    ['throttled', throttled],
    ['refused as busy', busy],
    ['lost, too', reset],
  ])('adopts it where the look lags and the next call is %s', async (_how, then) => {
    const world = await createWorld()
    const before = await world.call('DescribeTaskDefinition', { taskDefinition: 'web' })
    const image = pushedImage(1)
    const plan = await world.plan({}, image)
    const session = losing(world, before, { from: 2, then })
    const revision = await registerTaskDefinition(plan, image, session, world.ports)
    expect(revision).toMatchObject({ name: 'web:2', registered: true })
    expect(await world.revisions()).toBe(2)
  })

  it('adopts it although looks fail before one succeeds', async () => {
    const world = await createWorld()
    const image = pushedImage(1)
    const plan = await world.plan({}, image)
    const { ecs } = world.session
    let sent = 0
    let looks = 0
    const session = world.with({
      registerTaskDefinition: async (input: JsonObject) => {
        sent += 1
        await ecs.registerTaskDefinition(input)
        throw reset
      },
      describeTaskDefinition: (input: JsonObject) => {
        if (sent > 0) looks += 1
        return looks === 1 || looks === 2
          ? Promise.reject(throttled)
          : ecs.describeTaskDefinition(input)
      },
    })
    const revision = await registerTaskDefinition(plan, image, session, world.ports)
    expect(revision).toMatchObject({ name: 'web:2', registered: true })
    expect(sent).toBe(1)
  })

  it('looks once more before it gives up what may be there', async () => {
    const world = await createWorld()
    const before = await world.call('DescribeTaskDefinition', { taskDefinition: 'web' })
    const image = pushedImage(1)
    const plan = await world.plan({}, image)
    const session = losing(world, before, { from: 10, then: reset })
    const revision = await registerTaskDefinition(plan, image, session, world.ports)
    expect(revision).toMatchObject({ name: 'web:2', registered: true })
  })

  it('registers a definition again that was deregistered', async () => {
    const world = await createWorld()
    await world.call('DeregisterTaskDefinition', { taskDefinition: 'web:1' })
    const plan = await world.plan()
    const revision = await registerTaskDefinition(plan, undefined, world.session, world.ports)
    expect(revision).toMatchObject({ name: 'web:2', registered: true })
  })

  it("tells ECS's refusal with a remedy", async () => {
    const world = await createWorld()
    world.files.set(
      '/workspace/td.json',
      JSON.stringify({ ...taskDefinition, executionRoleArn: 'nobody' }),
    )
    const plan = await world.plan({ taskDefinition: fromFile('td.json') })
    await expect(
      registerTaskDefinition(plan, undefined, world.session, world.ports),
    ).rejects.toMatchObject({
      code: 'task-definition-refused',
      message: expect.stringContaining('file td.json'),
      remedy: expect.stringContaining('ARNs of roles in this account'),
    })
  })

  it('refuses an image without the platform of the tasks', async () => {
    const world = await createWorld()
    const image = pushedImage(1)
    const plan = await world.plan({}, image)
    const armOnly = { ...image, platforms: image.platforms.slice(1) }
    await expect(
      registerTaskDefinition(plan, armOnly, world.session, world.ports),
    ).rejects.toMatchObject({ code: 'platform-mismatch' })
  })
})

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { BundleWorld, registryHost } from '../support/bundle-world.ts'

const service = { mode: 'deploy', cluster: 'main', service: 'web' }
const writes = /^ecr:PutImage|^ecs:(Register|Update|Create|Delete|Stop)/

describe('the bundle, deploying an image that exists', () => {
  let world: BundleWorld
  let digest: string
  beforeEach(async () => {
    world = await BundleWorld.create()
    const github = { ref: 'refs/tags/v1.2.3' }
    const { main } = await world.run({ repository: 'team/web' }, { github })
    digest = main.outputs['digest'] ?? ''
    world.simulator.requests.clear()
  })
  afterEach(async () => {
    await world.close()
  })

  it.each<[string, () => Readonly<Record<string, string>>]>([
    ['tag', () => ({ repository: 'team/web', image: `sha-${world.commit}` })],
    ['digest', () => ({ repository: 'team/web', image: digest })],
    ['full reference', () => ({ image: `${registryHost}/team/web:1.2.3` })],
    ['reference by digest', () => ({ image: `${registryHost}/team/web@${digest}` })],
    ['commit', () => ({ repository: 'team/web', image: world.commit })],
    ['short commit', () => ({ repository: 'team/web', image: world.commit.slice(0, 7) })],
    ['version', () => ({ repository: 'team/web', image: 'v1.2.3' })],
  ])('finds it by its %s, and proves that it runs', async (_what, image) => {
    const builds = await world.docker.verbs()
    const { main } = await world.run({ ...service, ...image() })

    expect(main.annotations).toEqual([])
    expect(main.outputs).toMatchObject({ outcome: 'deployed', verified: 'true', changed: 'true' })
    expect(main.outputs['image']).toBe(`${registryHost}/team/web@${digest}`)
    expect(await world.deployedImage()).toBe(`${registryHost}/team/web@${digest}`)
    expect(main.exitCode).toBe(0)
    expect(await world.docker.verbs()).toEqual(builds)
  })

  it('lists the newest tags where there is no such image, and writes nothing', async () => {
    const { main } = await world.run({ ...service, repository: 'team/web', image: 'v1.2.4' })
    expect(main.outputs).toMatchObject({ outcome: 'refused', 'error-code': 'image-not-found' })
    const reason = main.outputs['failure-reason']
    for (const text of ['"v1.2.4"', '1.2.3', `sha-${world.commit}`]) expect(reason).toContain(text)
    expect(main.exitCode).toBe(1)
    expect(world.asked().filter((call) => writes.test(call))).toEqual([])
  })

  it('says that there is no such image, even where the tags may not be listed', async () => {
    world.deny('ecr:DescribeImages')
    const { main } = await world.run({ ...service, repository: 'team/web', image: 'v1.2.4' })
    expect(main.outputs).toMatchObject({ outcome: 'refused', 'error-code': 'image-not-found' })
    expect(main.outputs['failure-reason']).toContain(
      'its tags cannot be listed: not allowed to call ecr:DescribeImages on repository',
    )
  })

  it('deployed again is unchanged: nothing is registered and nothing updated', async () => {
    const inputs = { ...service, repository: 'team/web', image: '1.2.3' }
    const first = await world.run(inputs)
    world.simulator.requests.clear()
    const { main } = await world.run(inputs)
    expect(main.outputs).toMatchObject({ outcome: 'unchanged', verified: 'true', changed: 'false' })
    expect(main.outputs['task-definition-arn']).toBe(first.main.outputs['task-definition-arn'])
    expect(world.asked().filter((call) => writes.test(call))).toEqual([])
  })

  it('ends submitted where it is not to wait, and says that nothing is verified', async () => {
    const inputs = { ...service, repository: 'team/web', image: '1.2.3' }
    const { main } = await world.run({ ...inputs, 'wait-for-service-stability': 'false' })
    expect(main.outputs).toMatchObject({ outcome: 'submitted', verified: 'false', changed: 'true' })
    expect(main.outputs['deployment-id']).toMatch(/^ecs-svc\//)
    expect(main.annotations).toMatchObject([{ level: 'notice' }])
    expect(main.annotations[0]?.message).toContain('nothing is verified')
    expect(main.exitCode).toBe(0)
  })
})

describe('the bundle, deploying the task definition as it is', () => {
  let world: BundleWorld
  beforeEach(async () => {
    world = await BundleWorld.create()
    world.simulator.requests.clear()
  })
  afterEach(async () => {
    await world.close()
  })

  it('starts a new deployment of the same revision when it is forced to', async () => {
    const { main } = await world.run({ ...service, 'force-new-deployment': 'true' })
    expect(main.outputs).toMatchObject({ outcome: 'deployed', changed: 'true', verified: 'false' })
    expect(main.log.join()).toContain('no image was deployed, so no digest was compared')
    expect(main.outputs['task-definition-arn']).toMatch(/task-definition\/web:1$/)
    expect(world.asked().filter((call) => writes.test(call))).toEqual(['ecs:UpdateService'])
  })

  it('deploys the file that is given, and registers it once', async () => {
    await world.writeTaskDefinition('task.json', { memory: '1024' })
    const inputs = { ...service, 'task-definition': 'task.json' }
    const { main } = await world.run(inputs)
    expect(main.outputs).toMatchObject({ outcome: 'deployed', changed: 'true' })
    expect(main.outputs['task-definition-arn']).toMatch(/task-definition\/web:2$/)
    const again = await world.run(inputs)
    expect(again.main.outputs).toMatchObject({ outcome: 'unchanged', changed: 'false' })
    const written = world.asked().filter((call) => writes.test(call))
    expect(written).toEqual(['ecs:RegisterTaskDefinition', 'ecs:UpdateService'])
  })

  it('refuses a file that holds no task definition before it writes', async () => {
    await world.writeWorkspaceFile('task.json', '{"family": "web",')
    const { main } = await world.run({ ...service, 'task-definition': 'task.json' })
    expect(main.outputs).toMatchObject({
      outcome: 'refused',
      'error-code': 'task-definition-unreadable',
    })
    expect(main.outputs['failure-reason']).toContain('task.json')
    expect(world.asked().filter((call) => writes.test(call))).toEqual([])
  })
})

import { mkdir, writeFile } from 'node:fs/promises'

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { printed } from '../support/bake-world.ts'
import { dryRun, planned } from '../support/dry-run.ts'
import { PipelineWorld, taskDefinition, type PipelineRun } from '../support/pipeline-world.ts'

const host = '123456789012.dkr.ecr.us-east-1.amazonaws.com'
const release = { repository: 'team/web', cluster: 'main', service: 'web' }
const secret = 'never-to-be-read'

let world: PipelineWorld
beforeEach(async () => {
  world = await PipelineWorld.create()
})
afterEach(async () => {
  await world.close()
})

const plan: (
  inputs: Readonly<Record<string, string>>,
  options?: Parameters<PipelineWorld['run']>[1],
) => Promise<PipelineRun> = (inputs, options) => dryRun(world, inputs, options)

describe('a dry run', () => {
  it('of a release tells what is built, registered and deployed, and does none of it', async () => {
    const run = await plan({
      ...{ ...release, tags: 'type=sha,format=long\ntype=raw,value=v1' },
      'environment-variables': `LOG_LEVEL=${secret}`,
      'build-args': `KEY=${secret}`,
      secrets: `npm=${secret}`,
      ...{ cpu: '512', memory: '1024', 'desired-count': '3', 'on-failure': 'rollback' },
      ...{ 'run-task': 'before', 'keep-task-definitions': '10' },
      'run-task-container-overrides': JSON.stringify([
        { name: 'web', command: [secret], environment: [{ name: 'ONCE', value: secret }] },
      ]),
    })
    const { plan: told, outputs, log, everything } = planned(run)
    expect(told.images).toMatchObject([
      { action: 'build', repository: `${host}/team/web`, digest: 'pending' },
    ])
    expect(told.images[0]?.build).toEqual(
      expect.arrayContaining(['--build-arg=KEY=…', '--secret=id=npm,src=…']),
    )
    const image = `${host}/team/web:sha-${world.commit}`
    expect(told.taskDefinitions).toMatchObject([
      { family: 'web', action: 'register', service: 'main/web', comparedWith: 'web:1' },
    ])
    const changes = told.taskDefinitions[0]?.changes ?? []
    expect(changes).toContainEqual({
      ...{ path: 'containerDefinitions.web.image', kind: 'changed' },
      ...{ from: 'registry.example.com/web:first', to: `${image} (digest pending)` },
    })
    expect(changes).toContainEqual({ path: 'cpu', kind: 'changed', from: '256', to: '512' })
    expect(told.services).toMatchObject([
      {
        ...{ action: 'deploy', currentRevision: 'web:1', newRevision: 'pending' },
        ...{ changedSettings: ['desired-count'], strategy: 'ROLLING' },
        policies: { onFailure: 'rollback' },
      },
    ])
    expect(told.task).toMatchObject({
      when: 'before',
      overrides: ['web.command', 'web.environment.ONCE'],
    })
    expect(told.unprovenPermissions).toEqual([
      ...['ecr:BatchCheckLayerAvailability', 'ecr:CompleteLayerUpload'],
      ...['ecr:GetAuthorizationToken', 'ecr:InitiateLayerUpload', 'ecr:PutImage'],
      ...['ecr:UploadLayerPart', 'ecs:DeregisterTaskDefinition', 'ecs:RegisterTaskDefinition'],
      ...['ecs:RunTask', 'ecs:StopServiceDeployment', 'ecs:TagResource', 'ecs:UpdateService'],
      'iam:PassRole',
    ])
    expect(log).toContain('  containerDefinitions.web.environment.LOG_LEVEL: added')
    expect(everything).not.toContain(secret)
    expect(outputs['version']).toBe(world.commit)
    expect([outputs['digest'], outputs['image'], outputs['changed']]).toEqual([
      undefined,
      undefined,
      'false',
    ])
    const rendered = await run.ports.files.readText(outputs['task-definition'] ?? '', 1_000_000)
    expect(JSON.parse(rendered)).toMatchObject({
      cpu: '512',
      containerDefinitions: [{ image, environment: [{ name: 'LOG_LEVEL', value: secret }] }],
    })
  })

  it('of a release whose image is there knows its digest and builds nothing', async () => {
    const first = await world.run({ ...release, 'wait-for-minutes': '30' })
    expect(first.end?.outcome).toBe('deployed')
    const { plan: told, outputs } = planned(await plan(release))
    expect(outputs['digest']).toMatch(/^sha256:/)
    expect(told.images).toMatchObject([{ action: 'found', digest: outputs['digest'] }])
    expect(told.images[0]).not.toHaveProperty('build')
    expect(told.taskDefinitions).toMatchObject([{ action: 'use', revision: 'web:2', changes: [] }])
    expect(told.services).toMatchObject([{ action: 'adopt', newRevision: 'web:2' }])
    expect(told.unprovenPermissions).toEqual([])
  })

  it('is not taken in by a revision that names the image by the same tag', async () => {
    const image = `${host}/team/web:sha-${world.commit}`
    const containerDefinitions = [{ name: 'web', image }]
    await world.call('RegisterTaskDefinition', { ...taskDefinition, containerDefinitions })
    const web = { cluster: 'main', service: 'web', taskDefinition: 'web:2' }
    await world.call('UpdateService', web)
    await world.clock.sleep(180_000)
    const { plan: told } = planned(await plan({ ...release, tags: 'type=sha,format=long' }))
    expect(told.taskDefinitions).toMatchObject([
      { action: 'register', changes: [{ from: image, to: `${image} (digest pending)` }] },
    ])
  })

  it('of bake files only has them worked out', async () => {
    for (const name of ['web', 'worker']) {
      world.simulator.ecr.registry.create(`sample/${name}`, { tagMutability: 'MUTABLE' })
      await mkdir(world.docker.path(`workspace/${name}`))
      await writeFile(world.docker.path(`workspace/${name}/Dockerfile`), 'FROM scratch\n')
    }
    await writeFile(world.docker.path('workspace/compose.yaml'), 'services: {}\n')
    await world.docker.play({ registryUrl: world.simulator.url, bake: printed })
    const run = await plan({
      ...{ 'bake-files': 'compose.yaml', cluster: 'main', service: 'web' },
      ...{ 'container-images': 'web=worker', allow: 'network.host' },
    })
    const { plan: told } = planned(run)
    expect(told.images.map(({ action, repository }) => [action, repository])).toEqual([
      ['build', `${host}/sample/web`],
      ['build', `${host}/sample/worker`],
    ])
    const [web, worker] = told.images.map(({ build = [] }) => build)
    expect(worker?.slice(0, 3)).toEqual(['docker', 'buildx', 'bake'])
    expect(worker).toContain('--allow=network.host')
    expect(worker?.slice(worker.indexOf('--'))).toEqual(['--', 'web', 'worker'])
    expect(web).toEqual(worker)
    expect(told.taskDefinitions[0]?.changes[0]?.to).toMatch(/sample\/worker:.* \(digest pending\)$/)
  })

  it('with a file and no service tells the revision that would be registered', async () => {
    const definition = { ...taskDefinition, family: 'jobs' }
    await writeFile(world.docker.path('workspace/jobs.json'), JSON.stringify(definition))
    const { plan: told } = planned(
      await plan({ repository: 'team/web', 'task-definition': 'jobs.json' }),
    )
    expect(told.taskDefinitions).toEqual([
      { family: 'jobs', source: 'file jobs.json', action: 'register', changes: [] },
    ])
    expect(told.services).toEqual([])
  })

  it('of several services with one file registers it once', async () => {
    await world.call('CreateService', {
      ...{ cluster: 'main', serviceName: 'worker', taskDefinition: 'web', desiredCount: 1 },
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    })
    await world.clock.sleep(180_000)
    await writeFile(world.docker.path('workspace/web.json'), JSON.stringify(taskDefinition))
    const several = { ...release, service: 'web\nworker', 'task-definition': 'web.json' }
    const { plan: told, log } = planned(
      await plan({ ...several, 'deploy-order': 'sequential', 'environment-variables': 'A=1' }),
    )
    expect(told.taskDefinitions.map(({ action }) => action)).toEqual(['register', 'use'])
    expect(told.services.map(({ newRevision }) => newRevision)).toEqual(['pending', 'pending'])
    expect(log).toContain('services are deployed in sequence')
  })

  it('of a leg pushes nothing', async () => {
    const { plan: told } = planned(
      await plan({ mode: 'build', repository: 'team/web', platforms: 'linux/arm64' }),
    )
    expect(told).toMatchObject({
      mode: 'build',
      images: [{ identityTags: [], platforms: ['linux/arm64'], digest: 'pending' }],
    })
    expect(told.images[0]?.build?.at(-2)).toContain('push-by-digest=true')
  })

  it('of a merge knows the digest that the index will have', async () => {
    const legs = ['linux/amd64', 'linux/arm64'].map((platforms) =>
      world.run({ mode: 'build', repository: 'team/web', platforms }),
    )
    const digests = (await Promise.all(legs)).map(({ ports }) => ports.report.facts.digest)
    const merge = { ...release, mode: 'merge', digests: digests.join('\n') }
    const { plan: told } = planned(await plan(merge))
    expect(told).toMatchObject({ mode: 'merge', images: [{ action: 'merge' }] })
    const real = await world.run(merge)
    expect(real.end?.outcome).toBe('deployed')
    expect(told.images[0]?.digest).toBe(real.ports.report.facts.image?.digest)
  })

  it('of a deploy tells where the image goes', async () => {
    await world.run({ repository: 'team/web' })
    const { plan: told, outputs } = planned(
      await plan({ ...release, mode: 'deploy', image: world.commit }),
    )
    expect(told).toMatchObject({ mode: 'deploy', images: [{ action: 'found' }] })
    expect(told.taskDefinitions[0]?.changes).toMatchObject([
      { to: `${host}/team/web@${outputs['digest'] ?? ''}` },
    ])
    expect(outputs['service-arn']).toMatch(/service\/main\/web$/)
  })

  it('of a rollback names where the service returns to', async () => {
    await world.run(release)
    const { plan: told } = planned(
      await plan({ mode: 'rollback', cluster: 'main', service: 'web' }),
    )
    expect(told.services).toMatchObject([
      { action: 'deploy', currentRevision: 'web:2', newRevision: 'web:1' },
    ])
    expect(told.unprovenPermissions).toEqual(['ecs:UpdateService'])
  })

  it('of a rollback of a deployment under way leaves that alone', async () => {
    await world.run({ ...release, 'wait-for-service-stability': 'false' })
    const { plan: told } = planned(
      await plan({ mode: 'rollback', cluster: 'main', service: 'web' }),
    )
    expect(told.services).toMatchObject([
      { action: 'stop', currentRevision: 'web:2', newRevision: 'web:1' },
    ])
    expect(told.services[0]?.activeDeployment?.revision).toBe('web:2')
    expect(told.unprovenPermissions).toContain('ecs:StopServiceDeployment')
  })

  it('of a one-off task starts none', async () => {
    const { plan: told } = planned(await plan({ mode: 'run', cluster: 'main', service: 'web' }))
    expect(told).toMatchObject({
      ...{ mode: 'run', services: [], task: { when: 'alone', launchType: 'FARGATE' } },
      taskDefinitions: [{ action: 'use', revision: 'web:1' }],
    })
    expect(told.unprovenPermissions).toEqual(['ecs:RunTask', 'iam:PassRole'])
  })

  it('of an answer leaves the pause as it is', async () => {
    await world.close()
    const deploymentConfiguration = { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0 }
    world = await PipelineWorld.create({ service: { deploymentConfiguration } })
    const hook = { targetType: 'PAUSE', lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'] }
    await world.call('UpdateService', {
      ...{ cluster: 'main', service: 'web' },
      deploymentConfiguration: { lifecycleHooks: [hook] },
    })
    const left = await world.run({ ...release, 'on-pause': 'return' })
    expect(left.end?.outcome).toBe('paused')
    const answer = { mode: 'continue', cluster: 'main', service: 'web', 'hook-action': 'continue' }
    const { plan: told, log } = planned(
      await plan({ ...answer, 'hook-id': left.ports.report.facts.services?.[0]?.hookId ?? '' }),
    )
    expect(told).toMatchObject({
      answer: { action: 'CONTINUE' },
      services: [{ action: 'follow', newRevision: 'web:2', strategy: 'BLUE_GREEN' }],
      unprovenPermissions: ['ecs:ContinueServiceDeployment'],
    })
    expect(log.some((line) => line.startsWith('answers CONTINUE to '))).toBe(true)
  })

  it('of a build that is not pushed asks nothing of AWS', async () => {
    const run = await plan({ push: 'false', 'build-args': `KEY=${secret}` })
    const { plan: told, everything } = planned(run)
    expect(run.asked).toEqual([])
    expect(told).toMatchObject({ mode: 'release', images: [{ action: 'build' }] })
    expect(told.images[0]?.build?.at(-2)).toContain('push=false')
    expect(everything).not.toContain(secret)
  })
})

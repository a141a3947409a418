import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { BundleWorld } from '../support/bundle-world.ts'

const service = { mode: 'deploy', cluster: 'main', service: 'web' }
const release = { repository: 'team/web', cluster: 'main', service: 'web' }

/** Overrides by which the service's container ends, as a task. */
const ends = (exitCode: number) => {
  const behaviour = { exitsAfterMs: 3_000, exitCode, logLines: ['migrating'] }
  const variable = { name: 'SIMULATOR_BEHAVIOUR', value: JSON.stringify(behaviour) }
  return {
    'run-task-container-overrides': JSON.stringify([{ name: 'web', environment: [variable] }]),
  }
}

const logConfiguration = {
  logDriver: 'awslogs',
  options: {
    'awslogs-group': '/ecs/web',
    'awslogs-region': 'us-east-1',
    'awslogs-stream-prefix': 'web',
  },
}

describe('the bundle, running a one-off task', () => {
  let world: BundleWorld
  beforeEach(async () => {
    world = await BundleWorld.create({ container: { logConfiguration } })
  })
  afterEach(async () => {
    await world.close()
  })

  it('before the services deploys what the task has prepared', async () => {
    const { main } = await world.run({ ...release, 'run-task': 'before', ...ends(0) })
    expect(main.outputs).toMatchObject({ outcome: 'deployed', 'run-task-exit-code': '0' })
    expect(main.outputs['run-task-arn']).toMatch(/:task\/main\/[0-9a-f]{32}$/)
    expect(main.exitCode).toBe(0)
    const asked = world.asked()
    expect(asked.indexOf('ecs:RunTask')).toBeLessThan(asked.indexOf('ecs:UpdateService'))
    expect(asked.indexOf('ecs:RegisterTaskDefinition')).toBeLessThan(asked.indexOf('ecs:RunTask'))
  })

  it('before the services updates nothing where the task fails', async () => {
    const { main } = await world.run({ ...release, 'run-task': 'true', ...ends(7) })
    expect(main.outputs).toMatchObject({
      ...{ outcome: 'failed', changed: 'false', 'error-code': 'task-failed' },
      'run-task-exit-code': '7',
    })
    expect(JSON.parse(main.outputs['services'] ?? '[]')).toMatchObject([{ outcome: 'skipped' }])
    expect(world.asked()).not.toContain('ecs:UpdateService')
    expect(main.exitCode).toBe(1)
  })

  it('alone in mode run ends `ran`, proves no digest and leaves the service as it is', async () => {
    const { main } = await world.run({ ...service, mode: 'run', ...ends(0) })
    expect(main.outputs).toMatchObject({ outcome: 'ran', changed: 'false', verified: 'false' })
    expect(main.annotations).toEqual([])
    expect(main.exitCode).toBe(0)
    expect(world.asked()).not.toContain('ecs:UpdateService')
  })
})

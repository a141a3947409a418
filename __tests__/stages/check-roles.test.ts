import { afterEach, describe, expect, it } from '@jest/globals'

import { AwsFailure } from '../../src/core/errors/aws-failure.ts'
import type { Roles } from '../../src/ports/roles.ts'
import { checkRoles } from '../../src/stages/preflight/check-roles.ts'
import { EcsWorld, fromFile, taskDefinition } from '../support/ecs-world.ts'
import { allowed } from '../support/rollout-scenarios.ts'

const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`

let world: EcsWorld
afterEach(async () => {
  await world.close()
})

const asked = (): number => world.simulator.requests.list('iam', 'GetRole').length

/** Plans a definition from a file, of the service's own with `members` over it, and checks it. */
async function check(members: Readonly<Record<string, string>>, roles?: Roles): Promise<void> {
  world.files.set('/workspace/task.json', JSON.stringify({ ...taskDefinition, ...members }))
  const plan = await world.plan({ taskDefinition: fromFile('task.json') })
  await checkRoles([plan], { ...world.session, ...(roles && { roles }) }, world.ports)
}

describe('the roles of a task definition, before anything is registered', () => {
  it('are refused where IAM has no such role, all in one error', async () => {
    world = await EcsWorld.create()
    const missing = { executionRoleArn: role('pul'), taskRoleArn: role('team/ap') }
    await expect(check(missing)).rejects.toMatchObject({
      code: 'role-not-found',
      message: expect.stringMatching(/^2 things are wrong: .*role\/pul".*role\/team\/ap"/),
    })
  })

  it('pass where they are there', async () => {
    world = await EcsWorld.create()
    const { arn } = world.simulator.iam.addRole({
      ...{ name: 'app', trustPolicy: { Version: '2012-10-17', Statement: [] } },
    })
    await check({ taskRoleArn: arn })
    expect(asked()).toBe(1)
  })

  it('are not asked for where the service uses them already', async () => {
    world = await EcsWorld.create({ definition: { taskRoleArn: role('app') } })
    await check({ taskRoleArn: role('app') })
    expect(asked()).toBe(0)
  })

  it('are left alone without the permission, or without an answer', async () => {
    world = await EcsWorld.create({ allow: allowed() })
    await check({ taskRoleArn: role('nobody') })
    expect(world.report.everything).toMatch(/whether role "nobody" is there is not known/)
    const failure = new AwsFailure({
      ...{ service: 'IAM', operation: 'GetRole', code: 'Throttling', message: 'Rate exceeded' },
      httpStatus: 400,
    })
    await check({ taskRoleArn: role('other') }, { exists: () => Promise.reject(failure) })
    expect(world.report.warnings).toEqual([])
  })
})

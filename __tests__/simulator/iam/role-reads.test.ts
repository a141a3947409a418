import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { EcsWorld } from '../../support/ecs-world.ts'

const used = 'arn:aws:iam::123456789012:role/team/used'

describe('IAM', () => {
  let world: EcsWorld
  const clients: IAMClient[] = []
  beforeEach(async () => {
    world = await EcsWorld.create({ definition: { taskRoleArn: used } })
  })
  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy()
    await world.close()
  })

  function as(allow?: readonly string[]): IAMClient {
    const { iam, url: endpoint } = world.simulator
    const credentials = iam.addUser({ name: 'reader', ...(allow !== undefined && { allow }) })
    const client = new IAMClient({ endpoint, region: 'us-east-1', credentials })
    clients.push(client)
    return client
  }

  const read = async (RoleName: string, client = as()) =>
    (await client.send(new GetRoleCommand({ RoleName }))).Role

  it('IAM-13 tells of roles that were added and of those that a task definition names', async () => {
    const trustPolicy = { Version: '2012-10-17', Statement: [] } as const
    const { arn, roleId } = world.simulator.iam.addRole({ name: 'added', trustPolicy })
    expect(await read('added')).toMatchObject({ Arn: arn, RoleId: roleId, Path: '/' })
    expect(await read('used')).toMatchObject({ Arn: used, RoleName: 'used', Path: '/team/' })
  })

  it('IAM-13 knows no other, and tells nobody who may not ask', async () => {
    await expect(read('nobody')).rejects.toMatchObject({
      name: 'NoSuchEntityException',
      message: 'The role with name nobody cannot be found.',
    })
    await expect(read('used', as(['ecs:*']))).rejects.toMatchObject({
      message: expect.stringContaining(
        'iam:GetRole on resource: arn:aws:iam::123456789012:role/used',
      ),
    })
  })
})

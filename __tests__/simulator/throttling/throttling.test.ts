import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr'
import {
  DeregisterTaskDefinitionCommand,
  ECSClient,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { BUCKETS } from '../../../simulator/throttling/buckets.ts'
import { clientOptions, ecrClient, openAccount, refusal, type Account } from '../account.ts'
import { imageOf } from '../ecr/image.ts'
import { RegistryClient } from '../ecr/registry-client.ts'

let account: Account
let ecs: ECSClient
beforeEach(async () => {
  account = await openAccount({ throttling: 'aws' })
  ecs = new ECSClient(clientOptions(account.simulator, account.administrator))
})
afterEach(() => account.simulator.close())

function register(family: string): RegisterTaskDefinitionCommand {
  const containerDefinitions = [{ name: 'web', image: 'example.com/web', memory: 64 }]
  return new RegisterTaskDefinitionCommand({ family, containerDefinitions })
}

/** How many of `count` calls were served. */
async function served(count: number, call: () => Promise<unknown>): Promise<number> {
  const calls = Array.from({ length: count }, () =>
    call().then(
      () => 1,
      () => 0,
    ),
  )
  return (await Promise.all(calls)).reduce<number>((sum, each) => sum + each, 0)
}

describe('the buckets of Amazon ECS', () => {
  it('THROTTLE-1 register 20 task definitions at once, and one more in each second', async () => {
    const call = (): Promise<unknown> => ecs.send(register('web'))
    expect(await served(30, call)).toBe(20)
    account.clock.advance(3000)
    expect(await served(10, call)).toBe(3)
    account.clock.advance(3_600_000)
    expect(await served(30, call)).toBe(20)
  })

  it('THROTTLE-1 are shared by the operations of a category, not by others', async () => {
    await served(20, () => ecs.send(register('web')))
    const command = new DeregisterTaskDefinitionCommand({ taskDefinition: 'web:1' })
    expect(await refusal(ecs.send(command))).toMatchObject({ name: 'ThrottlingException' })
    expect((await ecs.send(new ListTaskDefinitionsCommand({}))).taskDefinitionArns).toHaveLength(20)
  })

  it('THROTTLE-2 refuse with ThrottlingException "Rate exceeded", 400', async () => {
    await served(20, () => ecs.send(register('web')))
    const refused = ecs.send(register('web'))
    await expect(refused).rejects.toMatchObject({
      name: 'ThrottlingException',
      message: 'Rate exceeded',
      $metadata: { httpStatusCode: 400 },
    })
  })

  it('THROTTLE-1 name no operation twice', () => {
    for (const buckets of Object.values(BUCKETS)) {
      const names = buckets.flatMap(({ operations }) => operations)
      expect(names).toHaveLength(new Set(names).size)
    }
  })
})

describe('the limits of Amazon ECR', () => {
  it('THROTTLE-2 refuse with ThrottleException, 429', async () => {
    const client = ecrClient(account)
    const call = (): Promise<unknown> => client.send(new GetAuthorizationTokenCommand({}))
    expect(await served(230, call)).toBe(200)
    await expect(call()).rejects.toMatchObject({
      name: 'ThrottleException',
      message: 'Rate exceeded',
      $metadata: { httpStatusCode: 429 },
    })
    account.clock.advance(1000)
    expect(await served(30, call)).toBe(20)
  })

  it('THROTTLE-2 are met by the SDK with another try', async () => {
    await served(200, () => ecrClient(account).send(new GetAuthorizationTokenCommand({})))
    const options = clientOptions(account.simulator, account.administrator)
    const patient = new ECRClient({ ...options, maxAttempts: 2 })
    const refused = patient.send(new GetAuthorizationTokenCommand({}))
    await expect(refused).rejects.toMatchObject({ $metadata: { attempts: 2 } })
  })

  it('THROTTLE-3 hold for the registry, too: TOOMANYREQUESTS', async () => {
    const { simulator, administrator } = account
    simulator.ecr.registry.create('shop/api')
    const registry = RegistryClient.loggedIn(simulator, administrator.accessKeyId)
    const image = imageOf('linux/amd64')
    await registry.push('shop/api', image, 'v0')
    const statuses = await Promise.all(
      Array.from({ length: 10 }, async (_, index) => {
        const answer = await registry.putManifest('shop/api', image, `v${String(index + 1)}`)
        return [answer.status, await answer.text()]
      }),
    )
    const refused = statuses.filter(([status]) => status === 429)
    expect(refused).toEqual([
      [429, '{"errors":[{"code":"TOOMANYREQUESTS","message":"Rate exceeded"}]}\n'],
    ])
  })
})

describe('without being asked', () => {
  it('THROTTLE-4 nothing is throttled, and throttling can begin at any time', async () => {
    const other = await openAccount()
    const client = new ECSClient(clientOptions(other.simulator, other.administrator))
    const call = (): Promise<unknown> => client.send(register('web'))
    expect(await served(25, call)).toBe(25)
    other.simulator.throttling.mode = 'aws'
    expect(await served(25, call)).toBe(20)
    await other.simulator.close()
  })
})

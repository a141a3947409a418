import {
  BatchGetImageCommand,
  CreateRepositoryCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
} from '@aws-sdk/client-ecr'
import {
  ECSClient,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs'
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import type { Fault } from '../../../simulator/faults/fault.ts'
import {
  clientOptions,
  ecrClient,
  openAccount,
  refusal,
  stsClient,
  type Account,
} from '../account.ts'
import { soon } from './soon.ts'

let account: Account
beforeEach(async () => {
  account = await openAccount()
  account.simulator.ecr.registry.create('shop/api')
})
afterEach(() => account.simulator.close())

const describeAll = new DescribeRepositoriesCommand({})
const create = (name: string): CreateRepositoryCommand =>
  new CreateRepositoryCommand({ repositoryName: name })

function add(...faults: readonly Fault[]): void {
  account.simulator.faults.add(faults)
}

function repositories(): readonly string[] {
  return account.simulator.ecr.registry.repositories.map(({ name }) => name)
}

/** A client that tries three times, as the SDK does of its own accord. */
function patientEcr(): ECRClient {
  return new ECRClient({
    ...clientOptions(account.simulator, account.administrator),
    maxAttempts: 3,
  })
}

describe('which calls a fault hits', () => {
  async function outcomes(count: number): Promise<string> {
    const client = ecrClient(account)
    const answers: string[] = []
    for (let call = 0; call < count; call += 1) {
      answers.push(
        await client.send(describeAll).then(
          () => '.',
          () => 'x',
        ),
      )
    }
    return answers.join('')
  }

  it.each<[Partial<Fault>, string]>([
    [{}, 'xxxxxx'],
    [{ nth: 2 }, '.x....'],
    [{ nth: [1, 4] }, 'x..x..'],
    [{ first: 2 }, 'xx....'],
    [{ every: 3 }, '..x..x'],
  ])('FAULT-1 with %j: %s', async (occurrence, expected) => {
    add({ call: 'ecr:DescribeRepositories', error: 'ServerException', ...occurrence })
    expect(await outcomes(6)).toBe(expected)
  })

  it('FAULT-1 are found by service and operation, with wildcards', async () => {
    add({ call: 'ecr:Create*', error: 'ServerException' })
    expect(await outcomes(1)).toBe('.')
    await refusal(ecrClient(account).send(create('shop/web')))
    expect(repositories()).toEqual(['shop/api'])
  })

  it('FAULT-2 of several the first that is due takes effect, and each counts every match', async () => {
    add(
      { name: 'second', call: 'ecr:*', nth: 2, error: 'A' },
      { name: 'early', call: 'ecr:Describe*', first: 3, error: 'B' },
    )
    expect(await outcomes(4)).toBe('xxx.')
    const { faults } = account.simulator
    expect(faults.hits().map(({ fault, occurrence }) => `${fault} ${String(occurrence)}`)).toEqual([
      'early 1',
      'second 2',
      'early 3',
    ])
  })

  it('FAULT-3 are told by hits and by the request log, until the plan is cleared', async () => {
    const { simulator, clock } = account
    add({ call: 'ecr:DescribeRepositories', nth: 1, throttle: true })
    await outcomes(2)
    expect(simulator.faults.hits()).toEqual([
      {
        fault: 'ecr:DescribeRepositories throttle',
        occurrence: 1,
        requestId: expect.any(String),
        atMs: clock.now(),
        service: 'ecr',
        operation: 'DescribeRepositories',
      },
    ])
    const logged = simulator.requests.list('ecr').map(({ status, fault }) => [status, fault])
    expect(logged).toEqual([
      [429, 'ecr:DescribeRepositories throttle'],
      [200, undefined],
    ])
    simulator.faults.clear()
    expect([simulator.faults.plan, simulator.faults.hits()]).toEqual([[], []])
  })
})

describe('refusals', () => {
  it('FAULT-4 carry code, text and status in JSON 1.1', async () => {
    add({ call: 'ecr:CreateRepository', error: 'LimitExceededException', message: 'no more' })
    expect(await refusal(ecrClient(account).send(create('shop/web')))).toEqual({
      name: 'LimitExceededException',
      text: 'no more',
    })
    expect(repositories()).toEqual(['shop/api'])
  })

  it('FAULT-4 carry code and text in XML', async () => {
    add({ call: 'sts:AssumeRole', error: 'ExpiredToken' })
    const command = new AssumeRoleCommand({
      RoleArn: 'arn:aws:iam::1:role/a',
      RoleSessionName: 's',
    })
    expect(await refusal(stsClient(account).send(command))).toEqual({
      name: 'ExpiredToken',
      text: 'The security token included in the request is expired',
    })
  })

  it('FAULT-4 name who was denied what', async () => {
    add({ call: 'ecr:CreateRepository', error: 'AccessDeniedException' })
    expect(await refusal(ecrClient(account).send(create('shop/web')))).toMatchObject({
      name: 'AccessDeniedException',
      text: expect.stringMatching(
        /^User: arn:aws:iam::123456789012:user\/administrator is not authorized to perform: ecr:CreateRepository on resource: /,
      ),
    })
  })

  it('FAULT-5 may be a bare status of something on the way', async () => {
    add({ call: 'ecr:CreateRepository', status: 503, body: 'upstream connect error' })
    const command = create('shop/web')
    const answer = await fetch(account.simulator.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'AmazonEC2ContainerRegistry_V20150921.CreateRepository' },
      body: '{}',
    })
    expect([answer.status, await answer.text()]).toEqual([503, 'upstream connect error'])
    expect(await refusal(ecrClient(account).send(command))).toBeDefined()
    expect(repositories()).toEqual(['shop/api'])
  })

  it('FAULT-6 throttle in the words of each service', async () => {
    add({ call: '*:*', throttle: true })
    const told = [
      await refusal(ecrClient(account).send(new GetAuthorizationTokenCommand({}))),
      await refusal(stsClient(account).send(new GetCallerIdentityCommand({}))),
      await refusal(ecsClient().send(new ListTaskDefinitionsCommand({}))),
    ]
    expect(told).toEqual([
      { name: 'ThrottleException', text: 'Rate exceeded' },
      { name: 'Throttling', text: 'Rate exceeded' },
      { name: 'ThrottlingException', text: 'Rate exceeded' },
    ])
  })

  it('FAULT-6 is tried again by the SDK', async () => {
    add({ call: 'ecr:CreateRepository', first: 1, throttle: true })
    const answer = await patientEcr().send(create('shop/web'))
    expect(answer.$metadata.attempts).toBe(2)
  })
})

function ecsClient(maxAttempts = 1): ECSClient {
  return new ECSClient({ ...clientOptions(account.simulator, account.administrator), maxAttempts })
}

const register = new RegisterTaskDefinitionCommand({
  family: 'web',
  containerDefinitions: [{ name: 'web', image: 'registry.example.com/web', memory: 128 }],
})

describe('lost answers', () => {
  it('FAULT-7 a reset before the call leaves nothing behind', async () => {
    add({ call: 'ecs:RegisterTaskDefinition', first: 1, reset: 'before' })
    const answer = await ecsClient(3).send(register)
    expect(answer.taskDefinition?.revision).toBe(1)
  })

  it('FAULT-7 a reset after the commit makes the SDK register again: two revisions', async () => {
    add({ call: 'ecs:RegisterTaskDefinition', first: 1, reset: 'after' })
    const answer = await ecsClient(3).send(register)
    expect([answer.$metadata.attempts, answer.taskDefinition?.revision]).toEqual([2, 2])
    const { taskDefinitionArns } = await ecsClient().send(new ListTaskDefinitionsCommand({}))
    expect(taskDefinitionArns).toHaveLength(2)
    const logged = account.simulator.requests.list('ecs', 'RegisterTaskDefinition')
    expect(logged.map(({ status }) => status)).toEqual([undefined, 200])
  })

  it.each(['before', 'after'] as const)(
    'FAULT-8 a stall %s the commit ends when the client gives up',
    async (stall) => {
      add({ call: 'ecr:CreateRepository', stall })
      const abort = new AbortController()
      const pending = refusal(
        ecrClient(account).send(create('shop/web'), { abortSignal: abort.signal }),
      )
      await soon(() => account.simulator.faults.hits().length === 1)
      abort.abort()
      expect(await pending).toMatchObject({ name: 'AbortError' })
      expect(repositories().includes('shop/web')).toBe(stall === 'after')
    },
  )

  it('FAULT-8 a stall ends when the simulator closes', async () => {
    const other = await openAccount({ faults: [{ call: 'ecr:*', stall: 'before' }] })
    const pending = refusal(ecrClient(other).send(describeAll))
    await soon(() => other.simulator.faults.hits().length === 1)
    await other.simulator.close()
    expect(await pending).toBeDefined()
  })
})

describe('spoilt answers', () => {
  it.each([{ truncate: 'half' }, { truncate: 5 }, { malformed: true }] as const)(
    'FAULT-9 %j: the call is done, and its answer cannot be read',
    async (effect) => {
      add({ call: 'ecr:CreateRepository', ...effect })
      expect(await refusal(ecrClient(account).send(create('shop/web')))).toBeDefined()
      expect(repositories()).toEqual(['shop/api', 'shop/web'])
    },
  )

  it('FAULT-9 a malformed answer is whole by HTTP, a truncated one is not', async () => {
    const url = `${account.simulator.url}/oidc/token`
    add(
      { call: 'oidc:GetIdToken', nth: 1, malformed: true },
      { call: 'oidc:GetIdToken', truncate: 4 },
    )
    expect(await (await fetch(url)).text()).toBe('{"message":"U')
    await expect((await fetch(url)).text()).rejects.toThrow('terminated')
  })

  it('FAULT-10 an empty 200 looks like success to the SDK', async () => {
    add({ call: 'ecr:CreateRepository', empty: true })
    const answer = await ecrClient(account).send(create('shop/web'))
    expect(answer.repository).toBeUndefined()
    expect(repositories()).toEqual(['shop/api', 'shop/web'])
  })

  it('FAULT-11 a stale read gives the last true answer to the same call', async () => {
    add({ call: 'ecr:DescribeRepositories', nth: [1, 2, 4], stale: true })
    const names = async (): Promise<number | undefined> =>
      (await ecrClient(account).send(describeAll)).repositories?.length
    expect(await names()).toBe(1)
    account.simulator.ecr.registry.create('shop/web')
    expect([await names(), await names()]).toEqual([1, 2])
    account.simulator.ecr.registry.create('shop/app')
    expect(await names()).toBe(2)
    const other = new DescribeRepositoriesCommand({ repositoryNames: ['shop/app'] })
    expect((await ecrClient(account).send(other)).repositories).toHaveLength(1)
    expect(account.simulator.faults.hits().map(({ occurrence }) => occurrence)).toEqual([2, 4])
  })
})

describe('time', () => {
  it('FAULT-12 a latency holds the answer back on the simulator’s clock, not the call', async () => {
    add({ call: 'ecr:CreateRepository', latencyMs: 90_000 })
    let answered = false
    const pending = ecrClient(account).send(create('shop/web'))
    void pending.then(() => (answered = true))
    await soon(() => repositories().includes('shop/web'))
    account.clock.advance(89_999)
    await ecrClient(account).send(
      new BatchGetImageCommand({ repositoryName: 'shop/api', imageIds: [{ imageTag: 'a' }] }),
    )
    expect(answered).toBe(false)
    account.clock.advance(1)
    expect((await pending).repository?.repositoryName).toBe('shop/web')
  })

  it('FAULT-12 goes with an effect', async () => {
    add({ call: 'ecr:CreateRepository', latencyMs: 1000, error: 'ServerException' })
    const pending = refusal(ecrClient(account).send(create('shop/web')))
    await soon(() => account.simulator.faults.hits().length === 1)
    account.clock.advance(1000)
    expect(await pending).toMatchObject({ name: 'ServerException' })
  })
})

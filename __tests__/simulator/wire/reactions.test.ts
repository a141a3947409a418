import { CreateRepositoryCommand, DescribeRepositoriesCommand } from '@aws-sdk/client-ecr'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import type { PerformedCall } from '../../../simulator/wire/reactions.ts'
import { ecrClient, openAccount, refusal, type Account } from '../account.ts'

let account: Account
beforeEach(async () => {
  account = await openAccount()
})
afterEach(() => account.simulator.close())

const isCreation = ({ service, operation }: PerformedCall): boolean =>
  service === 'ecr' && operation === 'CreateRepository'
const create = (repositoryName: string) => new CreateRepositoryCommand({ repositoryName })

describe('a reaction', () => {
  it('WIRE-11 is done between a call and its answer, once', async () => {
    const { simulator } = account
    const client = ecrClient(account)
    const made: string[] = []
    simulator.reactions.once(
      (call) => isCreation(call) && simulator.ecr.registry.find('shop/b') !== undefined,
      async () => {
        // The account shows what the call did; its caller has not been told.
        const { repositories = [] } = await client.send(new DescribeRepositoriesCommand({}))
        made.push(...repositories.map(({ repositoryName = '' }) => repositoryName).toSorted())
      },
    )
    for (const name of ['shop/a', 'shop/b', 'shop/c']) {
      await client.send(create(name))
      made.push(`${name} is told`)
    }
    expect(made).toEqual(['shop/a is told', 'shop/a', 'shop/b', 'shop/b is told', 'shop/c is told'])
  })

  it('WIRE-11 is chosen by what the call is about to be told, and by whom it was made', async () => {
    const { simulator, administrator } = account
    const seen: PerformedCall[] = []
    simulator.reactions.once(isCreation, () => Promise.resolve())
    simulator.reactions.once(
      (call) => {
        seen.push(call)
        return true
      },
      () => Promise.resolve(),
    )
    await ecrClient(account).send(create('shop/api'))
    expect(seen).toMatchObject([
      {
        caller: administrator.principal.arn,
        input: { repositoryName: 'shop/api' },
        output: { repository: { repositoryName: 'shop/api' } },
      },
    ])
  })

  it('WIRE-11 sees a refusal without an output, and no call that was not performed', async () => {
    const { simulator } = account
    const seen: unknown[] = []
    simulator.faults.add([{ call: 'ecr:CreateRepository', nth: 1, error: 'ServerException' }])
    simulator.ecr.registry.create('shop/api')
    simulator.reactions.once(
      ({ output }) => {
        seen.push(output)
        return false
      },
      () => Promise.resolve(),
    )
    const client = ecrClient(account)
    expect(await refusal(client.send(create('shop/api')))).toMatchObject({
      name: 'ServerException',
    })
    expect(await refusal(client.send(create('shop/api')))).toMatchObject({
      name: 'RepositoryAlreadyExistsException',
    })
    expect(seen).toEqual([{}])
  })

  it('WIRE-11 that fails is told as the failure of its call', async () => {
    const { simulator } = account
    simulator.reactions.once(isCreation, () => Promise.reject(new Error('the reaction failed')))
    const refused = await refusal(ecrClient(account).send(create('shop/api')))
    expect(refused.text).toContain('the reaction failed')
  })
})

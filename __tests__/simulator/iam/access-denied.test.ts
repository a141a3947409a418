import { DescribeRepositoriesCommand, SetRepositoryPolicyCommand } from '@aws-sdk/client-ecr'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import type { AccessKey } from '../../../simulator/iam/principal.ts'
import { readPolicy } from '../../../simulator/iam/policy/document.ts'
import { trustAccount } from '../../../simulator/iam/trust-policy.ts'
import type { JsonObject } from '../../../simulator/wire/service.ts'
import { ecrClient, openAccount, refusal, type Account } from '../account.ts'

const ACTION = 'ecr:DescribeRepositories'
const ARN = 'arn:aws:ecr:us-east-1:123456789012:repository/shop/api'
const allow = { Effect: 'Allow', Action: 'ecr:*', Resource: '*' }
const deny = { Effect: 'Deny', Action: ACTION, Resource: '*' }

let account: Account
beforeEach(async () => {
  account = await openAccount()
  account.simulator.ecr.registry.create('shop/api')
})
afterEach(() => account.simulator.close())

function policyOf(...Statement: readonly JsonObject[]): JsonObject {
  return { Version: '2012-10-17', Statement: [...Statement] }
}

function describeAs(key: AccessKey) {
  return ecrClient(account, key).send(
    new DescribeRepositoriesCommand({ registryId: '123456789012', repositoryNames: ['shop/api'] }),
  )
}

/** What AWS's sentence gives as the reason. */
async function reasonFor(key: AccessKey): Promise<string> {
  const { name, text } = await refusal(describeAs(key))
  expect(name).toBe('AccessDeniedException')
  const start = `User: ${key.principal.arn} is not authorized to perform: ${ACTION} on resource: ${ARN} `
  expect(text.slice(0, start.length)).toBe(start)
  return text.slice(start.length)
}

function attach(...statements: readonly JsonObject[]): Promise<unknown> {
  const policyText = JSON.stringify(policyOf(...statements))
  return ecrClient(account).send(
    new SetRepositoryPolicyCommand({ repositoryName: 'shop/api', policyText }),
  )
}

function session(policy: JsonObject, sessionPolicy?: JsonObject): AccessKey {
  const { iam } = account.simulator
  const role = iam.addRole({ name: 'deployer', trustPolicy: trustAccount('123456789012'), policy })
  const policies = sessionPolicy === undefined ? [] : [readPolicy(sessionPolicy)]
  return iam.openSession(role, { name: 's', durationSeconds: 900, policies })
}

describe('AccessDenied within an account', () => {
  it('IAM-9 says that no identity-based policy allows the action', async () => {
    const key = session(policyOf({ ...allow, Action: 'ecr:PutImage' }))
    expect(await reasonFor(key)).toBe(
      `because no identity-based policy allows the ${ACTION} action`,
    )
  })

  it('IAM-9 says that a policy denies it explicitly, whatever else allows', async () => {
    expect(await reasonFor(session(policyOf(allow, deny)))).toBe(
      'with an explicit deny in an identity-based policy',
    )
    expect(await reasonFor(session(policyOf(allow), policyOf(allow, deny)))).toBe(
      'with an explicit deny in a session policy',
    )
    await attach({ Effect: 'Deny', Action: ACTION, Principal: '*' })
    expect(await reasonFor(session(policyOf(allow)))).toBe(
      'with an explicit deny in a resource-based policy',
    )
  })

  it('IAM-9 says that no session policy allows it', async () => {
    const key = session(policyOf(allow), policyOf({ ...allow, Action: 'ecr:PutImage' }))
    expect(await reasonFor(key)).toBe(`because no session policy allows the ${ACTION} action`)
  })

  it('IAM-10 a repository policy that names role or user is enough by itself', async () => {
    const key = session(policyOf({ ...allow, Action: 'ecr:PutImage' }))
    await attach({ Effect: 'Allow', Action: ACTION, Principal: { AWS: '123456789012' } })
    expect(await reasonFor(key)).toMatch(/^because no identity-based policy allows/)
    await attach({
      Effect: 'Allow',
      Action: ACTION,
      Principal: { AWS: 'arn:aws:iam::123456789012:role/deployer' },
    })
    await describeAs(key)
    const limited = session(policyOf(deny), policyOf(allow))
    expect(await reasonFor(limited)).toMatch(/^with an explicit deny/)
  })

  it('IAM-11 a change of the role’s policy holds for sessions that are open', async () => {
    const { iam } = account.simulator
    const key = session(policyOf(allow))
    await describeAs(key)
    const role = iam.role('arn:aws:iam::123456789012:role/deployer')
    if (role !== undefined) role.policy = readPolicy(policyOf(deny))
    expect(await reasonFor(key)).toMatch(/^with an explicit deny/)
  })
})

describe('AccessDenied across accounts', () => {
  function stranger(policy: JsonObject = policyOf(allow)): AccessKey {
    return account.simulator.iam.addUser({ name: 'guest', accountId: '210987654321', policy })
  }

  it('IAM-12 needs the repository’s policy as well as the caller’s own', async () => {
    expect(await reasonFor(stranger())).toBe(
      `because no resource-based policy allows the ${ACTION} action`,
    )
    await attach({ Effect: 'Allow', Action: 'ecr:*', Principal: { AWS: '210987654321' } })
    const answer = await describeAs(stranger())
    expect(answer.repositories).toMatchObject([{ repositoryArn: ARN }])
    expect(await reasonFor(stranger(policyOf({ ...allow, Action: 'ecs:*' })))).toMatch(
      /^because no identity-based policy allows/,
    )
  })

  it('IAM-12 lets a principal in by its account’s root and not by another’s', async () => {
    const Principal = { AWS: 'arn:aws:iam::111111111111:root' }
    await attach({ Effect: 'Allow', Action: 'ecr:*', Principal })
    expect(await reasonFor(stranger())).toMatch(/^because no resource-based policy allows/)
  })
})

import { DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

import { clientOptions, ecrClient, openAccount, refusal, type Account } from '../account.ts'

let account: Account
beforeAll(async () => {
  account = await openAccount()
  account.simulator.ecr.registry.create('shop/api')
})
afterAll(() => account.simulator.close())

async function post(headers: Record<string, string>, body: string): Promise<Response> {
  return fetch(account.simulator.url, { method: 'POST', headers, body })
}

describe('AWS JSON 1.1', () => {
  it('WIRE-1 answers the SDK, with a request id and timestamps as seconds', async () => {
    const answer = await ecrClient(account).send(new DescribeRepositoriesCommand({}))
    expect(answer.$metadata).toMatchObject({
      httpStatusCode: 200,
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
    expect(answer.repositories?.[0]?.createdAt).toEqual(new Date('2026-01-01T00:00:00Z'))
  })

  it('WIRE-1 refuses with __type, message and status', async () => {
    const command = new DescribeRepositoriesCommand({ repositoryNames: ['nowhere'] })
    expect(await refusal(ecrClient(account).send(command))).toEqual({
      name: 'RepositoryNotFoundException',
      text: "The repository with name 'nowhere' does not exist in the registry with id '123456789012'",
    })
  })

  it('WIRE-1 calls a body that is not a JSON object a SerializationException', async () => {
    const target = 'AmazonEC2ContainerRegistry_V20150921.DescribeRepositories'
    const answer = await post({ 'x-amz-target': target }, '[')
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ __type: 'SerializationException' })
  })

  it.each([
    ['an unknown operation', 'AmazonEC2ContainerRegistry_V20150921.Paint'],
    ['an inherited member', 'AmazonEC2ContainerRegistry_V20150921.constructor'],
    ['an unknown service', 'AmazonNothing.DescribeNothing'],
    ['no target at all', ''],
  ])('WIRE-2 answers UnknownOperationException to %s', async (_case, target) => {
    const answer = await post({ 'x-amz-target': target }, '{}')
    expect(answer.status).toBe(400)
    expect(await answer.json()).toEqual({ __type: 'UnknownOperationException' })
    expect(answer.headers.get('content-type')).toBe('application/x-amz-json-1.1')
  })
})

describe('signatures of JSON services', () => {
  const command = new DescribeRepositoriesCommand({})

  it('WIRE-4 asks for a signature', async () => {
    const target = 'AmazonEC2ContainerRegistry_V20150921.DescribeRepositories'
    const answer = await post({ 'x-amz-target': target }, '{}')
    expect(await answer.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' })
  })

  it('WIRE-4 does not know a key that it never issued', async () => {
    const client = new ECRClient(
      clientOptions(account.simulator, { accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' }),
    )
    expect(await refusal(client.send(command))).toEqual({
      name: 'UnrecognizedClientException',
      text: 'The security token included in the request is invalid.',
    })
  })

  it('WIRE-4 recomputes the signature', async () => {
    const key = { ...account.administrator, secretAccessKey: 'not the secret' }
    expect(await refusal(ecrClient(account, key).send(command))).toMatchObject({
      name: 'InvalidSignatureException',
      text: expect.stringMatching(/^The request signature we calculated does not match/),
    })
  })

  it('WIRE-4 wants the region that the service lives in', async () => {
    const options = clientOptions(account.simulator, account.administrator)
    const client = new ECRClient({ ...options, region: 'eu-west-1' })
    expect(await refusal(client.send(command))).toEqual({
      name: 'InvalidSignatureException',
      text: 'Credential should be scoped to a valid region.',
    })
  })

  it('WIRE-4 refuses a session token that is not the key’s', async () => {
    const key = { ...account.administrator, sessionToken: 'of somebody else' }
    expect(await refusal(ecrClient(account, key).send(command))).toMatchObject({
      name: 'UnrecognizedClientException',
    })
  })
})

describe('permissions', () => {
  it('WIRE-5 allows exactly the listed actions, with IAM’s wildcards', async () => {
    const limited = account.simulator.iam.addUser({ name: 'reader', allow: ['ecr:Describe*'] })
    const client = ecrClient(account, limited)
    const answer = await client.send(new DescribeRepositoriesCommand({}))
    expect(answer.repositories).toHaveLength(1)
  })

  it('WIRE-5 names principal, action and resource when it denies', async () => {
    const limited = account.simulator.iam.addUser({ name: 'painter', allow: ['ecr:PutImage'] })
    const named = new DescribeRepositoriesCommand({ repositoryNames: ['shop/api'] })
    const sentence = (resource: string) => ({
      name: 'AccessDeniedException',
      text:
        'User: arn:aws:iam::123456789012:user/painter is not authorized to perform: ' +
        `ecr:DescribeRepositories on resource: ${resource} because no identity-based policy ` +
        'allows the ecr:DescribeRepositories action',
    })
    const client = ecrClient(account, limited)
    expect(await refusal(client.send(command()))).toEqual(
      sentence('arn:aws:ecr:us-east-1:123456789012:repository/*'),
    )
    expect(await refusal(client.send(named))).toEqual(
      sentence('arn:aws:ecr:us-east-1:123456789012:repository/shop/api'),
    )
  })
})

function command(): DescribeRepositoriesCommand {
  return new DescribeRepositoriesCommand({})
}

describe('the request log', () => {
  it('WIRE-6 tells who asked what and how it was answered', async () => {
    const { simulator, clock, administrator } = account
    simulator.requests.clear()
    const input = { repositoryNames: ['nowhere'] }
    await refusal(ecrClient(account).send(new DescribeRepositoriesCommand(input)))
    expect(simulator.requests.list('ecr', 'DescribeRepositories')).toEqual([
      {
        requestId: expect.any(String),
        atMs: clock.now(),
        caller: administrator.principal.arn,
        service: 'ecr',
        operation: 'DescribeRepositories',
        input,
        status: 400,
        errorCode: 'RepositoryNotFoundException',
      },
    ])
  })
})

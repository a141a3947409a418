import {
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRPUBLICClient,
  GetAuthorizationTokenCommand,
} from '@aws-sdk/client-ecr-public'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { clientOptions, refusal } from '../account.ts'
import { openEcrAccount, type EcrAccount } from './account.ts'

let account: EcrAccount
let client: ECRPUBLICClient
beforeEach(async () => {
  account = await openEcrAccount()
  client = new ECRPUBLICClient(clientOptions(account.simulator, account.administrator))
  account.simulator.ecrPublic.create('web')
})
afterEach(async () => {
  client.destroy()
  await account.simulator.close()
})

const config = Buffer.from('{}')
const tokenOf = async (of = client): Promise<string> => {
  const { authorizationData } = await of.send(new GetAuthorizationTokenCommand({}))
  return authorizationData?.authorizationToken ?? ''
}
const clientOf = (allow: readonly string[]): ECRPUBLICClient => {
  const user = account.simulator.iam.addUser({ name: 'limited', allow })
  return new ECRPUBLICClient(clientOptions(account.simulator, user))
}
const ask = (path: string, authorization: string, method = 'GET') =>
  fetch(new URL(path, account.simulator.url), {
    method,
    headers: { authorization },
    ...(method === 'POST' && { body: config }),
  })

describe('ECR Public', () => {
  it('ECRPUBLIC-1 gives one token, to who has both permissions', async () => {
    expect(Buffer.from(await tokenOf(), 'base64').toString()).toMatch(/^AWS:.{20}/)
    const limited = clientOf(['ecr-public:GetAuthorizationToken'])
    await expect(limited.send(new GetAuthorizationTokenCommand({}))).rejects.toThrow(
      'sts:GetServiceBearerToken',
    )
  })

  it('ECRPUBLIC-2 knows repositories by the name behind the alias', async () => {
    const command = new DescribeRepositoriesCommand({ repositoryNames: ['web'] })
    expect((await client.send(command)).repositories).toMatchObject([
      { repositoryName: 'web', repositoryUri: 'public.ecr.aws/a1b2c3d4/web' },
    ])
    const none = new DescribeRepositoriesCommand({ repositoryNames: ['none'] })
    expect((await refusal(client.send(none))).name).toBe('RepositoryNotFoundException')
    const images = await client.send(new DescribeImagesCommand({ repositoryName: 'web' }))
    expect(images.imageDetails).toEqual([])
  })

  it("ECRPUBLIC-3 takes the API's token as a bearer, and exchanges the password for it", async () => {
    const token = await tokenOf()
    expect((await ask('/v2/a1b2c3d4/web/tags/list', `Bearer ${token}`)).status).toBe(200)
    const exchanged = await ask('/token/', `Basic ${token}`)
    expect(await exchanged.json()).toEqual({ token })
    expect((await ask('/token/', 'Basic bm9ib2R5Og==')).status).toBe(401)
    expect((await ask('/v2/a1b2c3d4/web/tags/list', 'Bearer bm9ib2R5Og==')).status).toBe(401)
  })

  it('ECRPUBLIC-4 lets everybody pull, and only those push who may', async () => {
    const limited = clientOf(['ecr-public:GetAuthorizationToken', 'sts:GetServiceBearerToken'])
    const authorization = `Bearer ${await tokenOf(limited)}`
    expect((await ask('/v2/a1b2c3d4/web/tags/list', authorization)).status).toBe(200)
    const push = await ask('/v2/a1b2c3d4/web/blobs/uploads/', authorization, 'POST')
    expect([push.status, await push.text()]).toEqual([
      403,
      expect.stringContaining('ecr-public:InitiateLayerUpload'),
    ])
  })
})

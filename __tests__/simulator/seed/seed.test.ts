import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

import { BatchGetImageCommand, DescribeImagesCommand, PutImageCommand } from '@aws-sdk/client-ecr'
import { DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs'
import { AssumeRoleCommand } from '@aws-sdk/client-sts'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { plantSeed } from '../../../simulator/seed/seed.ts'
import {
  clientOptions,
  ecrClient,
  openAccount,
  refusal,
  stsClient,
  type Account,
} from '../account.ts'

let account: Account
beforeEach(async () => {
  account = await openAccount()
})
afterEach(() => account.simulator.close())

const plant = (text: string): Promise<void> =>
  plantSeed(text, 'seed.yaml', account.simulator, account.administrator)

async function mistakes(text: string): Promise<readonly string[]> {
  const { name, text: message } = await refusal(plant(text))
  expect(name).toBe('DocumentError')
  return message.split('\n  ')
}

describe('the example', () => {
  const example = join(import.meta.dirname, '..', '..', '..', 'examples', 'simulator', 'seed.yaml')
  beforeEach(async () => {
    await plant(await readFile(example, 'utf8'))
  })

  it('SEED-1 holds images that are complete and have the size that was asked for', async () => {
    const client = ecrClient(account)
    const repositoryName = 'shop/api'
    const { imageDetails = [] } = await client.send(new DescribeImagesCommand({ repositoryName }))
    const index = imageDetails.find(({ imageTags }) => imageTags?.includes('v1.0.0') ?? false)
    expect(index?.imageTags).toEqual(expect.arrayContaining(['v1.0.0', 'latest']))
    expect(index?.imageManifestMediaType).toBe('application/vnd.oci.image.index.v1+json')
    expect(index?.imageSizeInBytes).toBeGreaterThan(65_536)
    const imageIds = [{ imageTag: 'v1.0.0' }]
    const { images = [] } = await client.send(
      new BatchGetImageCommand({ repositoryName, imageIds }),
    )
    const parsed = JSON.parse(images[0]?.imageManifest ?? '') as {
      readonly manifests: readonly { readonly digest: string; readonly platform: unknown }[]
    }
    expect(parsed.manifests.map(({ platform }) => platform)).toEqual([
      { os: 'linux', architecture: 'amd64' },
      { os: 'linux', architecture: 'arm64' },
    ])
    await expectLayerToBeAnArchive(parsed.manifests[0]?.digest ?? '')
  })

  async function expectLayerToBeAnArchive(digest: string): Promise<void> {
    const { registry } = account.simulator.ecr
    const layer = registry.repository('shop/api').find(digest)?.manifest.layers[0]
    const chunks: Uint8Array[] = []
    for await (const chunk of registry.blobs.read(layer?.digest ?? '')) {
      if (chunk instanceof Uint8Array) chunks.push(chunk)
    }
    const tar = gunzipSync(Buffer.concat(chunks))
    expect(tar.subarray(257, 262).toString()).toBe('ustar')
    expect(tar.length).toBe(512 + 65_536 + 1024)
  }

  it('SEED-1 makes its repository immutable but for the exceptions', async () => {
    const client = ecrClient(account)
    const moved = (imageTag: string): Promise<unknown> => {
      const { manifest } = account.simulator.ecr.registry.repository('shop/api').images[0] ?? {}
      return client.send(
        new PutImageCommand({
          repositoryName: 'shop/api',
          imageManifest: manifest?.text,
          imageManifestMediaType: manifest?.mediaType,
          imageTag,
        }),
      )
    }
    expect((await refusal(moved('v1.0.0'))).name).toBe('ImageTagAlreadyExistsException')
    await moved('latest')
  })

  it('SEED-2 has roles and users that may do what is listed', async () => {
    const arn = 'arn:aws:iam::123456789012:role/auditor'
    const command = new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: 'audit' })
    expect((await stsClient(account).send(command)).AssumedRoleUser?.Arn).toMatch(/auditor\/audit$/)
    const deployer = account.simulator.iam.role('arn:aws:iam::123456789012:role/deployer')
    expect(deployer).toMatchObject({ maxSessionDurationSeconds: 7200 })
    const key = {
      accessKeyId: 'AKIAREADERREADERREAD',
      secretAccessKey: 'good for nothing but this simulator',
    }
    const reader = ecrClient(account, { ...account.administrator, ...key })
    const images = await reader.send(new DescribeImagesCommand({ repositoryName: 'shop/api' }))
    expect(images.imageDetails).not.toEqual([])
  })

  it('SEED-3 has a service that rolls out', async () => {
    const ecs = new ECSClient(clientOptions(account.simulator, account.administrator))
    account.clock.advance(600_000)
    const command = new DescribeServicesCommand({ cluster: 'main', services: ['api'] })
    const { services } = await ecs.send(command)
    expect(services).toMatchObject([{ runningCount: 2, desiredCount: 2 }])
  })

  it('SEED-4 has commits on GitHub', async () => {
    const { environment, github } = account.simulator
    const url = `${environment['GITHUB_API_URL'] ?? ''}/repos/octo-org/octo-repo/compare/v1.0.0...main`
    const answer = await fetch(url, { headers: { authorization: `Bearer ${github.token}` } })
    expect(await answer.json()).toMatchObject({
      status: 'ahead',
      ahead_by: 1,
      commits: [{ sha: '2'.repeat(40), commit: { message: 'Serve it faster' } }],
    })
  })

  it('SEED-5 has faults and throttling, and its state can be read', async () => {
    expect(account.simulator.faults.plan).toHaveLength(2)
    expect(account.simulator.throttling.mode).toBe('off')
    const state: unknown = await (await fetch(`${account.simulator.url}/_simulator/state`)).json()
    expect(state).toMatchObject({
      ecs: {
        taskDefinitions: [{ family: 'api', revision: 1 }],
        services: [{ serviceName: 'api' }],
      },
      ecr: { repositories: [{ name: 'shop/api' }, { name: 'shop/cache' }] },
      github: { repositories: [{ name: 'octo-org/octo-repo', commits: 2 }] },
      throttling: 'off',
      faults: { plan: [{ name: 'a busy moment' }, { reset: 'after' }], hits: [] },
    })
  })
})

describe('a seed', () => {
  it('SEED-5 may turn throttling on', async () => {
    await plant('throttling: aws\n')
    expect(account.simulator.throttling.mode).toBe('aws')
  })

  it('SEED-6 may be empty', async () => {
    await plant('# nothing yet\n')
    expect(account.simulator.ecr.registry.repositories).toEqual([])
  })

  it('SEED-6 that is not YAML is told so with the line', async () => {
    const [what, first] = await mistakes('clusters: [main\nroles: []\n')
    expect(what).toBe('seed.yaml is not YAML:')
    expect(first).toMatch(/^line 2: /)
  })

  it('SEED-6 is told everything that is wrong with it at once, with the lines', async () => {
    const text = [
      'repositories:',
      '  - name: shop/api',
      '    imutable: true',
      '    images:',
      '      - platforms: [linux]',
      'roles:',
      '  - allow: everything',
      'throttling: often',
      'services: [api]',
      'faults:',
      '  - call: ecs:UpdateServices',
      '    throttle: true',
      'github:',
      '  - repository: octo-org/octo-repo',
      '    commits: [{ at: yesterday }]',
    ].join('\n')
    expect(await mistakes(text)).toEqual([
      'seed.yaml is not right:',
      'line 8: throttling is off or aws, not "often"',
      "line 11: faults[0].call matches no operation: 'ecs:UpdateServices'; did you mean 'ecs:UpdateService'?",
      "line 7: roles[0] needs 'name'",
      'line 7: roles[0].allow is a list, not "everything"',
      "line 3: repositories[0].imutable is not known; did you mean 'immutable'?",
      "line 5: repositories[0].images[0].platforms lists platforms such as linux/amd64, not 'linux'",
      'line 9: services[0] is the input of CreateService',
      "line 15: github[0].commits[0].at is a time in ISO 8601, not 'yesterday'",
    ])
    expect(account.simulator.ecr.registry.repositories).toEqual([])
  })

  it('SEED-7 is told what AWS refuses, with the line', async () => {
    const text = 'clusters: [main]\nservices:\n  - cluster: main\n    serviceName: api\n'
    const [, first] = await mistakes(text)
    expect(first).toMatch(/^line 3: services\[0\] was refused: \S/)
  })

  it('SEED-7 is told when a commit has no parent of that name', async () => {
    const text = 'github:\n  - repository: a/b\n    commits: [{ parents: [abc] }]\n'
    expect((await mistakes(text))[1]).toBe(
      "line 2: github[0] was refused: there is no parent 'abc'",
    )
  })
})

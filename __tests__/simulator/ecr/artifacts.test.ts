import {
  BatchGetImageCommand,
  CreateRepositoryCreationTemplateCommand,
  DeleteRepositoryCreationTemplateCommand,
  DescribeImageReplicationStatusCommand,
  DescribeImagesCommand,
  DescribeRepositoryCreationTemplatesCommand,
  ListImageReferrersCommand,
  ListImagesCommand,
  StartImageScanCommand,
  UpdateImageStorageClassCommand,
} from '@aws-sdk/client-ecr'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { refusal } from '../account.ts'
import { openEcrAccount, type EcrAccount } from './account.ts'
import { imageOf } from './image.ts'

const repositoryName = 'shop/api'
const image = imageOf('linux/amd64')
const imageId = { imageDigest: image.digest }

let account: EcrAccount
beforeEach(async () => {
  account = await openEcrAccount()
  await account.docker.push(repositoryName, image)
})
afterEach(() => account.simulator.close())

describe('ListImageReferrers', () => {
  const subject = { mediaType: image.mediaType, digest: image.digest, size: image.text.length }
  const signature = imageOf('linux/amd64', 'signature', {
    artifactType: 'application/vnd.cncf.notary.signature',
    annotations: { signer: 'shop' },
    subject,
  })
  const sbom = imageOf('linux/amd64', 'sbom', { artifactType: 'application/spdx+json', subject })
  beforeEach(async () => {
    await account.docker.push(repositoryName, signature)
    await account.docker.push(repositoryName, sbom)
  })

  function list(more: object = {}) {
    const command = { repositoryName, subjectId: imageId, ...more }
    return account.ecr.send(new ListImageReferrersCommand(command))
  }

  it('ECR-33 lists the artifacts of an image, by type and in pages', async () => {
    expect((await list()).referrers).toMatchObject([
      {
        digest: signature.digest,
        artifactType: 'application/vnd.cncf.notary.signature',
        annotations: { signer: 'shop' },
        artifactStatus: 'ACTIVE',
      },
      { digest: sbom.digest },
    ])
    const filter = { artifactTypes: ['application/spdx+json'] }
    expect((await list({ filter })).referrers).toMatchObject([{ digest: sbom.digest }])
    const first = await list({ maxResults: 1 })
    const second = await list({ maxResults: 1, nextToken: first.nextToken })
    expect(second.referrers).toMatchObject([{ digest: sbom.digest }])
    expect(second.nextToken).toBeUndefined()
  })
})

describe('an archived image', () => {
  function move(targetStorageClass: 'ARCHIVE' | 'STANDARD') {
    const command = { repositoryName, imageId, targetStorageClass }
    return account.ecr.send(new UpdateImageStorageClassCommand(command))
  }

  async function status() {
    const filter = { imageStatus: 'ANY' as const }
    const command = new DescribeImagesCommand({ repositoryName, filter })
    const { imageDetails } = await account.ecr.send(command)
    return imageDetails?.[0]?.imageStatus
  }

  it('ECR-34 cannot be pulled until it was brought back, which takes its time', async () => {
    expect((await move('ARCHIVE')).imageStatus).toBe('ARCHIVED')
    expect(
      (await account.docker.request('GET', `/v2/shop/api/manifests/${image.digest}`)).status,
    ).toBe(404)
    const get = new BatchGetImageCommand({ repositoryName, imageIds: [imageId] })
    expect((await account.ecr.send(get)).failures).toMatchObject([
      { failureCode: 'ImageInaccessible' },
    ])
    expect((await move('STANDARD')).imageStatus).toBe('ACTIVATING')
    account.clock.advance(20 * 60 * 1000)
    expect(await status()).toBe('ACTIVE')
    expect((await account.ecr.send(get)).images).toHaveLength(1)
  })

  it('ECR-34 is listed only when asked for, and not scanned', async () => {
    await move('ARCHIVE')
    const listed = await account.ecr.send(new ListImagesCommand({ repositoryName }))
    expect(listed.imageIds).toEqual([])
    expect(await status()).toBe('ARCHIVED')
    const scan = new StartImageScanCommand({ repositoryName, imageId })
    expect(await refusal(account.ecr.send(scan))).toEqual({
      name: 'ImageArchivedException',
      text: 'The specified image is archived and cannot be scanned.',
    })
    expect(await refusal(move('ARCHIVE'))).toMatchObject({
      name: 'ImageStorageClassUpdateNotSupportedException',
    })
  })
})

describe('creation templates', () => {
  const template = {
    prefix: 'team',
    appliedFor: ['CREATE_ON_PUSH' as const],
    description: 'the team’s',
    imageTagMutability: 'IMMUTABLE' as const,
    resourceTags: [{ Key: 'team', Value: 'shop' }],
  }
  const list = new DescribeRepositoryCreationTemplatesCommand({})

  it('ECR-35 are created, described and deleted, and a push follows them', async () => {
    const create = new CreateRepositoryCreationTemplateCommand(template)
    const created = await account.ecr.send(create)
    expect(created.repositoryCreationTemplate).toMatchObject(template)
    expect(await refusal(account.ecr.send(create))).toMatchObject({
      name: 'TemplateAlreadyExistsException',
    })
    expect((await account.docker.push('team/new', image)).status).toBe(201)
    expect(account.simulator.ecr.registry.find('team/new')?.settings).toMatchObject({
      tagMutability: 'IMMUTABLE',
      resourceTags: template.resourceTags,
    })
    expect((await account.ecr.send(list)).repositoryCreationTemplates).toMatchObject([template])
    const remove = new DeleteRepositoryCreationTemplateCommand({ prefix: 'team' })
    await account.ecr.send(remove)
    expect((await account.docker.push('team/other', image)).status).toBe(404)
    expect(await refusal(account.ecr.send(remove))).toMatchObject({
      name: 'TemplateNotFoundException',
    })
  })

  it.each([
    ['a prefix that no name has', { prefix: 'Team' }],
    ['no purpose', { appliedFor: [] }],
    ['a lifecycle policy that is none', { lifecyclePolicy: '{' }],
  ])('ECR-35 with %s are refused', async (_what, wrong) => {
    const create = new CreateRepositoryCreationTemplateCommand({ ...template, ...wrong })
    expect(await refusal(account.ecr.send(create))).toMatchObject({
      name: 'InvalidParameterException',
    })
  })
})

describe('DescribeImageReplicationStatus', () => {
  it('ECR-36 tells what a test says of an image', async () => {
    const command = new DescribeImageReplicationStatusCommand({ repositoryName, imageId })
    expect((await account.ecr.send(command)).replicationStatuses).toEqual([])
    const stored = account.simulator.ecr.registry.find(repositoryName)?.find(image.digest)
    const replication = {
      region: 'eu-central-1',
      registryId: '123456789012',
      status: 'IN_PROGRESS' as const,
    }
    if (stored !== undefined) stored.replications = [replication]
    expect((await account.ecr.send(command)).replicationStatuses).toEqual([replication])
  })
})

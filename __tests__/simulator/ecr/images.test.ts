import {
  BatchCheckLayerAvailabilityCommand,
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  DescribeImagesCommand,
  GetDownloadUrlForLayerCommand,
  ListImagesCommand,
} from '@aws-sdk/client-ecr'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { digestOf } from '../../../simulator/ecr/store/digest.ts'
import { OCI_INDEX, OCI_MANIFEST } from '../../../simulator/ecr/store/media-types.ts'
import { refusal } from '../account.ts'
import { openEcrAccount, type EcrAccount } from './account.ts'
import { imageOf, indexOf } from './image.ts'

const repositoryName = 'shop/api'
const amd64 = imageOf('linux/amd64')
const arm64 = imageOf('linux/arm64', 'a much longer layer than the other one')
const index = indexOf({ 'linux/amd64': amd64, 'linux/arm64': arm64 })
const sizeOf = (image: { blobs: readonly Buffer[] }): number =>
  image.blobs.reduce((sum, blob) => sum + blob.length, 0)

let account: EcrAccount
beforeEach(async () => {
  account = await openEcrAccount()
  for (const image of [amd64, arm64]) await account.docker.push(repositoryName, image)
  await account.docker.push(repositoryName, index, 'v1')
})
afterEach(() => account.simulator.close())

describe('DescribeImages', () => {
  it('ECR-7 sums sizes, lists children as untagged images', async () => {
    const { imageDetails } = await account.ecr.send(new DescribeImagesCommand({ repositoryName }))
    const facts = imageDetails?.map((image) => [
      image.imageDigest,
      image.imageSizeInBytes,
      image.imageTags,
      image.imageManifestMediaType,
    ])
    expect(facts).toEqual([
      [amd64.digest, sizeOf(amd64), undefined, OCI_MANIFEST],
      [arm64.digest, sizeOf(arm64), undefined, OCI_MANIFEST],
      [index.digest, Math.max(sizeOf(amd64), sizeOf(arm64)), ['v1'], OCI_INDEX],
    ])
  })

  it('ECR-7 finds by tag and filters by being tagged', async () => {
    const byTag = new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag: 'v1' }] })
    const tagged = new DescribeImagesCommand({ repositoryName, filter: { tagStatus: 'TAGGED' } })
    const answers = await Promise.all([account.ecr.send(byTag), account.ecr.send(tagged)])
    for (const { imageDetails } of answers) {
      expect(imageDetails?.map(({ imageDigest }) => imageDigest)).toEqual([index.digest])
    }
  })

  it('ECR-7 pages', async () => {
    const first = await account.ecr.send(
      new DescribeImagesCommand({ repositoryName, maxResults: 2 }),
    )
    const { nextToken } = first
    const second = await account.ecr.send(new DescribeImagesCommand({ repositoryName, nextToken }))
    expect([first.imageDetails?.length, second.imageDetails?.length]).toEqual([2, 1])
    expect(second.nextToken).toBeUndefined()
  })

  it('ECR-7 names the image that is not there', async () => {
    const command = new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag: 'v2' }] })
    expect(await refusal(account.ecr.send(command))).toEqual({
      name: 'ImageNotFoundException',
      text:
        "The image with imageId {imageDigest:'null', imageTag:'v2'} does not exist within the " +
        "repository with name 'shop/api' in the registry with id '123456789012'",
    })
  })
})

describe('BatchGetImage', () => {
  it('ECR-8 gives manifests and indexes byte by byte', async () => {
    const { images, failures } = await account.ecr.send(
      new BatchGetImageCommand({
        repositoryName,
        imageIds: [{ imageTag: 'v1' }, { imageDigest: amd64.digest }],
        acceptedMediaTypes: [OCI_INDEX, OCI_MANIFEST],
      }),
    )
    expect(failures).toEqual([])
    expect(images?.map(({ imageManifest }) => imageManifest)).toEqual([index.text, amd64.text])
    expect(images?.[0]).toMatchObject({
      imageId: { imageTag: 'v1', imageDigest: index.digest },
      imageManifestMediaType: OCI_INDEX,
    })
  })

  it.each([
    [{ imageTag: 'v2' }, 'ImageNotFound'],
    [{ imageDigest: 'sha256:short' }, 'InvalidImageDigest'],
    [{ imageTag: 'v1', imageDigest: amd64.digest }, 'ImageTagDoesNotMatchDigest'],
    [{}, 'MissingDigestAndTag'],
  ])('ECR-8 lists %j as a failure: %s', async (imageId, failureCode) => {
    const { images, failures } = await account.ecr.send(
      new BatchGetImageCommand({ repositoryName, imageIds: [imageId] }),
    )
    expect(images).toEqual([])
    expect(failures).toMatchObject([{ imageId, failureCode }])
  })

  it('ECR-8 does not find an image of a type that is not accepted', async () => {
    const { failures } = await account.ecr.send(
      new BatchGetImageCommand({
        repositoryName,
        imageIds: [{ imageTag: 'v1' }],
        acceptedMediaTypes: [OCI_MANIFEST],
      }),
    )
    expect(failures).toMatchObject([{ failureCode: 'ImageNotFound' }])
  })
})

describe('images', () => {
  it('ECR-9 are listed with every tag', async () => {
    await account.docker.putManifest(repositoryName, index, 'latest')
    const { imageIds } = await account.ecr.send(new ListImagesCommand({ repositoryName }))
    expect(imageIds).toEqual([
      { imageDigest: amd64.digest },
      { imageDigest: arm64.digest },
      { imageDigest: index.digest, imageTag: 'latest' },
      { imageDigest: index.digest, imageTag: 'v1' },
    ])
  })

  it('ECR-9 of an index cannot be deleted before the index', async () => {
    const imageIds = [{ imageDigest: amd64.digest }]
    const refused = await account.ecr.send(
      new BatchDeleteImageCommand({ repositoryName, imageIds }),
    )
    expect(refused.failures).toMatchObject([{ failureCode: 'ImageReferencedByManifestList' }])
    await account.ecr.send(
      new BatchDeleteImageCommand({ repositoryName, imageIds: [{ imageTag: 'v1' }] }),
    )
    const done = await account.ecr.send(new BatchDeleteImageCommand({ repositoryName, imageIds }))
    expect(done).toMatchObject({ imageIds, failures: [] })
  })
})

describe('layers', () => {
  it('ECR-10 are available or not', async () => {
    const [, layer] = amd64.blobs
    const there = digestOf(layer ?? '')
    const gone = digestOf('something else')
    const { layers, failures } = await account.ecr.send(
      new BatchCheckLayerAvailabilityCommand({
        repositoryName,
        layerDigests: [there, gone, 'sha256:short'],
      }),
    )
    expect(layers).toEqual([
      { layerDigest: there, layerAvailability: 'AVAILABLE', layerSize: layer?.length },
      { layerDigest: gone, layerAvailability: 'UNAVAILABLE' },
    ])
    expect(failures).toMatchObject([{ failureCode: 'InvalidLayerDigest' }])
  })

  it('ECR-10 tell where they can be downloaded', async () => {
    const layerDigest = digestOf(amd64.blobs[1] ?? '')
    const answer = await account.ecr.send(
      new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest }),
    )
    const url = answer.downloadUrl ?? ''
    const whole = await fetch(url)
    expect(Buffer.from(await whole.arrayBuffer())).toEqual(amd64.blobs[1])
    const tail = await fetch(url, { headers: { range: 'bytes=-4' } })
    expect(tail.status).toBe(206)
    expect(Buffer.from(await tail.arrayBuffer())).toEqual(amd64.blobs[1]?.subarray(-4))
    expect((await fetch(url.replace(/Signature=.*/, 'Signature=forged'))).status).toBe(403)
  })

  it('ECR-10 give URLs that end after an hour', async () => {
    const layerDigest = digestOf(amd64.blobs[1] ?? '')
    const answer = await account.ecr.send(
      new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest }),
    )
    account.clock.advance(3_600_000)
    const late = await fetch(answer.downloadUrl ?? '')
    expect(late.status).toBe(403)
    expect(await late.text()).toContain('Request has expired')
  })
})

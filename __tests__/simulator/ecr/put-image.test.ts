import { PutImageCommand, type PutImageCommandInput } from '@aws-sdk/client-ecr'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { DOCKER_MANIFEST } from '../../../simulator/ecr/store/media-types.ts'
import type { RepositorySettings } from '../../../simulator/ecr/store/repository.ts'
import { refusal } from '../account.ts'
import { openEcrAccount, type EcrAccount } from './account.ts'
import { imageOf, indexOf, type TestImage } from './image.ts'
import { errorOf } from './registry-client.ts'

const first = imageOf('linux/amd64', 'first')
const second = imageOf('linux/amd64', 'second')

let account: EcrAccount
beforeEach(async () => {
  account = await openEcrAccount()
  await account.docker.push('shop/api', first, 'v1')
  await account.docker.push('shop/api', second)
})
afterEach(() => account.simulator.close())

function put(image: TestImage, more: Partial<PutImageCommandInput> = {}) {
  return account.ecr.send(
    new PutImageCommand({
      repositoryName: 'shop/api',
      imageManifest: image.text,
      imageManifestMediaType: image.mediaType,
      ...more,
    }),
  )
}

function configure(settings: Partial<RepositorySettings>): void {
  const repository = account.simulator.ecr.registry.repository('shop/api')
  repository.settings = { ...repository.settings, ...settings }
}

const TAKEN =
  "The image tag 'v1' already exists in the 'shop/api' repository and cannot be overwritten " +
  'because the tag is immutable.'

describe('PutImage', () => {
  it('ECR-4 gives an image another tag', async () => {
    const { image } = await put(first, { imageTag: 'latest' })
    expect(image).toMatchObject({
      imageId: { imageDigest: first.digest, imageTag: 'latest' },
      imageManifest: first.text,
    })
    const answer = await account.docker.request('HEAD', '/v2/shop/api/manifests/latest')
    expect(answer.headers.get('docker-content-digest')).toBe(first.digest)
  })

  it('ECR-4 does not know OCI’s types unless they are said', async () => {
    const refused = put(first, { imageTag: 'latest', imageManifestMediaType: undefined })
    expect(await refusal(refused)).toEqual({
      name: 'InvalidParameterException',
      text: "Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON syntax'",
    })
  })

  it('ECR-4 reads Docker’s types from the body', async () => {
    const docker = imageOf('linux/amd64', 'first', { mediaType: DOCKER_MANIFEST })
    const { image } = await put(docker, { imageTag: 'docker', imageManifestMediaType: undefined })
    expect(image?.imageManifestMediaType).toBe(DOCKER_MANIFEST)
  })

  it.each(['not JSON', '[]', '{}', '{"manifests":{}}'])(
    'ECR-4 refuses %j',
    async (imageManifest) => {
      expect(await refusal(put(first, { imageManifest }))).toMatchObject({
        name: 'InvalidParameterException',
      })
    },
  )

  it('ECR-4 compares the digest that is given', async () => {
    const refused = put(first, { imageTag: 'latest', imageDigest: second.digest })
    expect(await refusal(refused)).toMatchObject({ name: 'ImageDigestDoesNotMatchException' })
  })

  it('ECR-4 says that nothing is new', async () => {
    expect(await refusal(put(first, { imageTag: 'v1' }))).toEqual({
      name: 'ImageAlreadyExistsException',
      text:
        `Image with digest '${first.digest}' and tag 'v1' already exists in the repository ` +
        "with name 'shop/api' in registry with id '123456789012'",
    })
  })

  it('ECR-6 wants the images of an index and the layers of an image to be there', async () => {
    const absent = imageOf('linux/arm64', 'absent')
    const where =
      "required for pushing image into repository with name 'shop/api' in the registry with id " +
      "'123456789012' do not exist"
    expect(await refusal(put(indexOf({ 'linux/amd64': first, 'linux/arm64': absent })))).toEqual({
      name: 'ReferencedImagesNotFoundException',
      text: `Images with digests '[${absent.digest}]' ${where}`,
    })
    expect(await refusal(put(absent))).toMatchObject({
      name: 'LayersNotFoundException',
      text: expect.stringMatching(/^Layers with digests '\[sha256:\w+, sha256:\w+\]' required/),
    })
  })
})

describe('tags', () => {
  it('ECR-5 move while they are mutable', async () => {
    await put(second, { imageTag: 'v1' })
    const answer = await account.docker.request('HEAD', '/v2/shop/api/manifests/v1')
    expect(answer.headers.get('docker-content-digest')).toBe(second.digest)
  })

  it('ECR-5 that are immutable stay, at the API and at the registry', async () => {
    configure({ tagMutability: 'IMMUTABLE' })
    expect(await refusal(put(second, { imageTag: 'v1' }))).toEqual({
      name: 'ImageTagAlreadyExistsException',
      text: TAKEN,
    })
    const answer = await account.docker.putManifest('shop/api', second, 'v1')
    expect(await errorOf(answer)).toEqual([400, 'TAG_INVALID', TAKEN])
  })

  it('ECR-5 that are immutable and name this image: refused by the API, kept by the registry', async () => {
    configure({ tagMutability: 'IMMUTABLE' })
    expect(await refusal(put(first, { imageTag: 'v1' }))).toMatchObject({
      name: 'ImageTagAlreadyExistsException',
    })
    expect((await account.docker.putManifest('shop/api', first, 'v1')).status).toBe(201)
  })

  it.each([
    ['IMMUTABLE_WITH_EXCLUSION', ['v*'], 201],
    ['IMMUTABLE_WITH_EXCLUSION', ['latest'], 400],
    ['MUTABLE_WITH_EXCLUSION', ['v*'], 400],
    ['MUTABLE_WITH_EXCLUSION', ['latest'], 201],
  ] as const)('ECR-5 v1 under %s %j: %d', async (tagMutability, exclusionFilters, status) => {
    configure({ tagMutability, exclusionFilters })
    expect((await account.docker.putManifest('shop/api', second, 'v1')).status).toBe(status)
  })
})

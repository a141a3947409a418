import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { PutImageCommand } from '@aws-sdk/client-ecr'

import { MemoryBlobs } from '../../../simulator/ecr/store/memory-blobs.ts'
import type { Manifest } from '../../../simulator/ecr/store/manifest.ts'
import { openEcrAccount, type EcrAccount } from './account.ts'
import { imageOf, indexOf } from './image.ts'

const host = '123456789012.dkr.ecr.us-east-1.amazonaws.com'

/** A registry of its own, as far as a test looks: it notes what it is given, or takes nothing. */
class NotingStore extends MemoryBlobs {
  readonly kept: string[] = []
  full = false

  keepManifest(repository: string, { digest }: Manifest, tag: string | undefined): Promise<void> {
    if (this.full) return Promise.reject(new Error('no space is left'))
    this.kept.push(`${repository} ${digest} ${tag ?? 'untagged'}`)
    return Promise.resolve()
  }
}

describe('a store that keeps manifests, too', () => {
  const image = imageOf('linux/amd64')
  const index = indexOf({ 'linux/amd64': image })
  let store: NotingStore
  let account: EcrAccount
  beforeEach(async () => {
    store = new NotingStore()
    account = await openEcrAccount({ registry: { blobs: store } })
  })
  afterEach(() => account.simulator.close())

  it('is given each as it was pushed, children before their index', async () => {
    await account.docker.push('shop/api', image)
    await account.docker.push('shop/api', index, 'v1')
    expect(store.kept).toEqual([
      `${host}/shop/api ${image.digest} untagged`,
      `${host}/shop/api ${index.digest} v1`,
    ])
  })

  it('is given what PutImage names', async () => {
    await account.docker.push('shop/api', image)
    const input = { repositoryName: 'shop/api', imageManifest: image.text, imageTag: 'v2' }
    await account.ecr.send(
      new PutImageCommand({ ...input, imageManifestMediaType: image.mediaType }),
    )
    expect(store.kept.at(-1)).toBe(`${host}/shop/api ${image.digest} v2`)
  })

  it("sees nothing that ECR's rules refuse", async () => {
    const answer = await account.docker.putManifest('shop/api', image, 'v1')
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(store.kept).toEqual([])
  })

  it('fails the push that it does not take, and the tag names nothing', async () => {
    store.full = true
    const answer = await account.docker.push('shop/api', image, 'v1')
    expect(answer.status).toBe(500)
    const { registry } = account.simulator.ecr
    expect(registry.repository('shop/api').digestOfTag('v1')).toBeUndefined()
  })
})

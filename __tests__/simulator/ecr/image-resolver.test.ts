import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { openEcrAccount, type EcrAccount } from './account.ts'
import { imageOf, indexOf } from './image.ts'

const HOST = '123456789012.dkr.ecr.us-east-1.amazonaws.com'
const amd64 = imageOf('linux/amd64')
const arm64 = imageOf('linux/arm64')
const attestation = imageOf('unknown/unknown')
const index = indexOf({
  'linux/amd64': amd64,
  'linux/arm64': arm64,
  'unknown/unknown': attestation,
})

let account: EcrAccount
beforeEach(async () => {
  account = await openEcrAccount()
  for (const image of [amd64, arm64, attestation]) await account.docker.push('shop/api', image)
  await account.docker.push('shop/api', index, 'v1')
})
afterEach(() => account.simulator.close())

describe('what a task’s image means', () => {
  it('ECR-21 is found by tag and by digest, at AWS’s host and at the loopback’s', async () => {
    const { ecr, registry } = account.simulator
    const platforms = ['linux/amd64', 'linux/arm64']
    for (const host of [HOST, registry.host]) {
      for (const reference of [`:v1`, `@${index.digest}`, `:other@${index.digest}`]) {
        const resolved = await ecr.resolve(`${host}/shop/api${reference}`)
        expect(resolved).toEqual({ digest: index.digest, platforms })
      }
    }
  })

  it('ECR-21 has the platform of its configuration when it is one image', async () => {
    const resolved = await account.simulator.ecr.resolve(`${HOST}/shop/api@${arm64.digest}`)
    expect(resolved).toEqual({ digest: arm64.digest, platforms: ['linux/arm64'] })
  })

  it('ECR-21 loses the platforms whose images are gone', async () => {
    const { ecr } = account.simulator
    ecr.registry.repository('shop/api').removeImage(arm64.digest)
    const { platforms } = await ecr.resolve(`${HOST}/shop/api:v1`)
    expect(platforms).toEqual(['linux/amd64'])
  })

  it.each(['shop/api', 'shop/api:v2', `shop/api@sha256:${'0'.repeat(64)}`, 'nowhere:v1'])(
    'ECR-21 cannot be told for %s',
    async (reference) => {
      const image = `${HOST}/${reference}`
      await expect(account.simulator.ecr.resolve(image)).rejects.toThrow(
        `CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref ${image}: ${image}: not found`,
      )
    },
  )

  it('ECR-21 of another registry is denied', async () => {
    const asked = account.simulator.ecr.resolve('docker.io/library/nginx:latest')
    await expect(asked).rejects.toThrow(
      /^CannotPullContainerError: The task can’t pull the image\..* requested access to the resource is denied$/,
    )
  })

  it('ECR-21 of another registry is taken to exist when the simulator is told so', async () => {
    const lenient = await openEcrAccount({ registry: { foreignImages: 'assume' } })
    const { ecr } = lenient.simulator
    const byTag = await ecr.resolve('nginx:latest')
    const byDigest = await ecr.resolve(`nginx@${amd64.digest}`)
    await lenient.simulator.close()
    expect(byTag).toEqual({ digest: undefined, platforms: ['linux/amd64', 'linux/arm64'] })
    expect(byDigest.digest).toBe(amd64.digest)
  })
})

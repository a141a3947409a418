import type { Simulator } from '../../simulator/simulator.ts'
import { imageOf, indexOf } from '../simulator/ecr/image.ts'
import { RegistryClient } from '../simulator/ecr/registry-client.ts'

/**
 * Pushes an image of two platforms as `pushed`, by the registry's own protocol; another `salt` makes
 * it another image. @returns its digest.
 */
export async function pushIndex(
  simulator: Simulator,
  repository: string,
  salt = 'pushed',
): Promise<string> {
  const { accessKeyId } = simulator.iam.addUser({ name: 'pusher' })
  const client = RegistryClient.loggedIn(simulator, accessKeyId)
  const images = (['linux/amd64', 'linux/arm64'] as const).map(
    (platform) => [platform, imageOf(platform, salt)] as const,
  )
  for (const [, image] of images) await client.push(repository, image)
  const index = indexOf(Object.fromEntries(images))
  await client.push(repository, index, 'pushed')
  return index.digest
}

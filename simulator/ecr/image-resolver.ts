import { isObject, parseJson } from '../wire/json.ts'
import { readBody } from '../wire/answer.ts'
import { imageStatus } from './store/image-status.ts'
import { platformName, type Manifest } from './store/manifest.ts'
import type { Registry } from './store/registry.ts'
import type { Repository } from './store/repository.ts'

/** What an image reference means at the moment it was asked. */
export interface ImageResolution {
  /** Undefined for a tag of a registry that is not simulated: nobody knows what it names. */
  readonly digest: string | undefined
  /** `linux/amd64`, `linux/arm64` …; both of these for an image that is not known. */
  readonly platforms: readonly string[]
}

/** `refuse`: images of other registries cannot be pulled. `assume`: they are taken to exist. */
export type ForeignImages = 'refuse' | 'assume'

const CONFIG_LIMIT_BYTES = 8 * 1024 * 1024
const REFERENCE = /^([^/]+)\/([^:@]+)(?::([^@]+))?(?:@(.+))?$/

/**
 * Resolves `HOST/repository:tag` and `HOST/repository@sha256:…` as a task's pull would.
 * @param hosts The hosts under which the registry is known.
 * @throws Error with the text of a stopped task: `CannotPullContainerError: …`.
 */
export async function resolveImage(
  image: string,
  registry: Registry,
  hosts: readonly string[],
  foreign: ForeignImages,
): Promise<ImageResolution> {
  const [, host = '', name = '', tag = 'latest', digest] = REFERENCE.exec(image) ?? []
  if (!hosts.includes(host)) {
    if (foreign === 'refuse') throw accessDenied(image)
    const pinned = /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1]
    return { digest: pinned, platforms: ['linux/amd64', 'linux/arm64'] }
  }
  const repository = (registry.atHost(host) ?? registry).find(name)
  const stored = repository?.find(digest ?? tag)
  if (repository === undefined || stored === undefined) throw notFound(image)
  if (imageStatus(stored, registry.clock.now()) !== 'ACTIVE') throw notFound(image)
  stored.lastPulledAtMs = registry.clock.now()
  const platforms = await platformsOf(stored.manifest, registry, repository, image)
  return { digest: stored.manifest.digest, platforms }
}

async function platformsOf(
  manifest: Manifest,
  registry: Registry,
  repository: Repository,
  image: string,
): Promise<readonly string[]> {
  const { config, manifests } = manifest
  if (config === undefined) {
    // A child that a lifecycle rule took away cannot be pulled, whatever the index says.
    return manifests.flatMap(({ digest, platform = '' }) =>
      platform.startsWith('unknown/') || repository.find(digest) === undefined ? [] : [platform],
    )
  }
  if (registry.blobs.size(config.digest) === undefined) throw notFound(image)
  const body = await readBody(registry.blobs.read(config.digest), CONFIG_LIMIT_BYTES)
  const configuration = parseJson(body.toString('utf8'))
  const platform = isObject(configuration) ? platformName(configuration) : undefined
  return platform === undefined ? [] : [platform]
}

function accessDenied(image: string): Error {
  return new Error(
    'CannotPullContainerError: The task can’t pull the image. Check whether the image exists. ' +
      `Error response from daemon: pull access denied for ${image}, repository does not exist ` +
      "or may require 'docker login': denied: requested access to the resource is denied",
  )
}

function notFound(image: string): Error {
  return new Error(
    'CannotPullContainerError: pull image manifest has been retried 5 time(s): ' +
      `failed to resolve ref ${image}: ${image}: not found`,
  )
}

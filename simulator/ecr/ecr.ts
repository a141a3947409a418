import type { Clock } from '../clock/clock.ts'
import type { Place } from '../iam/place.ts'
import type { JsonObject, JsonService, Operation } from '../wire/service.ts'
import { authorizationTokenOperation } from './api/authorization-token.ts'
import { batchImageOperations } from './api/batch-images.ts'
import { creationTemplateOperations } from './api/creation-templates.ts'
import { imageOperations } from './api/images.ts'
import { layerOperations } from './api/layers.ts'
import { lifecyclePolicyOperations } from './api/lifecycle-policies.ts'
import { forRegistries } from './api/operation.ts'
import { putImageOperations } from './api/put-image.ts'
import { referrerOperations } from './api/referrers.ts'
import { replicationOperations } from './api/replication.ts'
import { repositoryOperations } from './api/repositories.ts'
import { repositoryPolicyOperations } from './api/repository-policies.ts'
import { scanningConfigurationOperations } from './api/scanning-configuration.ts'
import { scanningOperations } from './api/scanning.ts'
import { storageClassOperations } from './api/storage-class.ts'
import { tagOperations } from './api/tags.ts'
import { AuthorizationTokens } from './authorization-tokens.ts'
import { resolveImage, type ForeignImages, type ImageResolution } from './image-resolver.ts'
import { LayerDownloads } from './layer-downloads.ts'
import type { BlobStore } from './store/blob-store.ts'
import { Registry } from './store/registry.ts'

/** Amazon ECR: its API over an embedded store, which the `/v2/` front shares. */
export class Ecr implements JsonService {
  readonly signingName = 'ecr'
  readonly targetPrefix = 'AmazonEC2ContainerRegistry_V20150921'
  readonly operations: Readonly<Record<string, Operation>>
  readonly registry: Registry
  readonly tokens: AuthorizationTokens
  readonly downloads: LayerDownloads
  /** Hosts under which tasks may name the registry; listeners add theirs. */
  readonly hosts: string[]
  /** What GetAuthorizationToken tells as proxyEndpoint instead of the host that AWS would give. */
  proxyEndpoint: string | undefined
  readonly #foreignImages: ForeignImages

  /** @param foreignImages Whether tasks may use images of registries that are not simulated. */
  constructor(clock: Clock, place: Place, blobs: BlobStore, foreignImages: ForeignImages) {
    this.registry = new Registry(clock, place, blobs)
    this.tokens = new AuthorizationTokens(clock)
    this.downloads = new LayerDownloads(clock)
    this.hosts = [this.registry.host]
    this.#foreignImages = foreignImages
    this.operations = {
      ...authorizationTokenOperation(this.tokens, (place) => this.#proxyEndpointOf(place)),
      ...forRegistries(
        {
          ...repositoryOperations,
          ...repositoryPolicyOperations,
          ...lifecyclePolicyOperations,
          ...tagOperations,
          ...creationTemplateOperations,
          ...imageOperations,
          ...batchImageOperations,
          ...putImageOperations,
          ...layerOperations(this.downloads),
          ...scanningOperations,
          ...scanningConfigurationOperations,
          ...referrerOperations,
          ...replicationOperations,
          ...storageClassOperations,
        },
        (at) => this.registry.at(at),
      ),
    }
  }

  /** The registry of another account or region; tasks may name its images. */
  open(place: Partial<Place>): Registry {
    const registry = this.registry.at({ ...this.registry.place, ...place })
    if (!this.hosts.includes(registry.host)) this.hosts.push(registry.host)
    return registry
  }

  /** What an image reference means now; see {@link resolveImage}. */
  resolve(image: string): Promise<ImageResolution> {
    return resolveImage(image, this.registry, this.hosts, this.#foreignImages)
  }

  /** Repositories with their tags, for the control route. */
  state(): JsonObject {
    const repositories = this.registry.repositories.map((repository): JsonObject => ({
      name: repository.name,
      tagMutability: repository.settings.tagMutability,
      images: repository.images.length,
      tags: Object.fromEntries(repository.tags),
    }))
    return { host: this.registry.host, repositories }
  }

  #proxyEndpointOf({ accountId, region }: Place): string {
    return this.proxyEndpoint ?? `https://${accountId}.dkr.ecr.${region}.amazonaws.com`
  }
}

import type { Clock } from '../clock/clock.ts'
import type { Place } from '../iam/resource.ts'
import type { JsonObject, JsonService, Operation } from '../wire/service.ts'
import { authorizationTokenOperation } from './api/authorization-token.ts'
import { batchImageOperations } from './api/batch-images.ts'
import { imageOperations } from './api/images.ts'
import { layerOperations } from './api/layers.ts'
import { putImageOperation } from './api/put-image.ts'
import { repositoryOperations } from './api/repositories.ts'
import { AuthorizationTokens } from './authorization-tokens.ts'
import { resolveImage, type ForeignImages, type ImageResolution } from './image-resolver.ts'
import type { BlobStore } from './store/blob-store.ts'
import { Registry } from './store/registry.ts'

/** Amazon ECR: its API over an embedded store, which the `/v2/` front shares. */
export class Ecr implements JsonService {
  readonly signingName = 'ecr'
  readonly targetPrefix = 'AmazonEC2ContainerRegistry_V20150921'
  readonly operations: Readonly<Record<string, Operation>>
  readonly registry: Registry
  readonly tokens: AuthorizationTokens
  /** Hosts under which tasks may name the registry; listeners add theirs. */
  readonly hosts: string[]
  /** What GetAuthorizationToken tells as proxyEndpoint instead of the host that AWS would give. */
  proxyEndpoint: string | undefined
  readonly #foreignImages: ForeignImages

  /** @param foreignImages Whether tasks may use images of registries that are not simulated. */
  constructor(clock: Clock, place: Place, blobs: BlobStore, foreignImages: ForeignImages) {
    this.registry = new Registry(clock, place, blobs)
    this.tokens = new AuthorizationTokens(clock)
    this.hosts = [this.registry.host]
    this.#foreignImages = foreignImages
    this.operations = {
      ...authorizationTokenOperation(this.tokens, (id) => this.#proxyEndpointOf(id)),
      ...repositoryOperations(this.registry),
      ...imageOperations(this.registry),
      ...batchImageOperations(this.registry),
      ...putImageOperation(this.registry),
      ...layerOperations(this.registry, () => this.#proxyEndpointOf()),
    }
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

  #proxyEndpointOf(registryId: string = this.registry.id): string {
    if (this.proxyEndpoint !== undefined) return this.proxyEndpoint
    return `https://${registryId}.dkr.ecr.${this.registry.place.region}.amazonaws.com`
  }
}

import type { Clock } from '../clock/clock.ts'
import { AuthorizationTokens } from '../ecr/authorization-tokens.ts'
import { pageOf } from '../ecr/api/page.ts'
import { imageIdOf, named, required } from '../ecr/api/target.ts'
import type { BlobStore } from '../ecr/store/blob-store.ts'
import { imageNotFound } from '../ecr/store/refusals.ts'
import { Registry } from '../ecr/store/registry.ts'
import type { Repository, StoredImage } from '../ecr/store/repository.ts'
import { epochSeconds } from '../wire/json.ts'
import { objectsMember, stringsMember } from '../wire/members.ts'
import type { JsonObject, JsonService, Operation } from '../wire/service.ts'

/** The one host of ECR Public. */
export const PUBLIC_HOST = 'public.ecr.aws'

/** Amazon ECR Public: its API over a registry of the account's own, which the `/v2/` front shares. */
export class EcrPublic implements JsonService {
  readonly signingName = 'ecr-public'
  readonly targetPrefix = 'SpencerFrontendService'
  readonly operations: Readonly<Record<string, Operation>>
  /** Repositories are `ALIAS/NAME` there, as the front names them. */
  readonly registry: Registry
  readonly tokens: AuthorizationTokens
  /** The registry's default alias. */
  readonly alias = 'a1b2c3d4'

  constructor(clock: Clock, accountId: string, blobs: BlobStore) {
    this.registry = new Registry(clock, { accountId, region: 'us-east-1' }, blobs)
    this.tokens = new AuthorizationTokens(clock)
    this.operations = {
      GetAuthorizationToken: (_input, { caller }) => {
        const { password, expiresAtMs } = this.tokens.issue(caller.accessKeyId)
        const authorizationToken = Buffer.from(`AWS:${password}`).toString('base64')
        return { authorizationData: { authorizationToken, expiresAt: epochSeconds(expiresAtMs) } }
      },
      DescribeRepositories: (input) => this.#describeRepositories(input),
      DescribeImages: (input) => this.#describeImages(input),
    }
  }

  /** Makes a repository, as CreateRepository of the API would. */
  create(name: string): Repository {
    return this.registry.create(`${this.alias}/${name}`)
  }

  #describeRepositories(input: JsonObject): JsonObject {
    const names = stringsMember(input, 'repositoryNames')
    const found = names?.map((name) => this.#repository(name)) ?? this.registry.repositories
    const { items, nextToken } = pageOf(found, input)
    return {
      repositories: items.map((repository) => this.#repositoryJson(repository)),
      ...(nextToken !== undefined && { nextToken }),
    }
  }

  #describeImages(input: JsonObject): JsonObject {
    const repository = this.#repository(required(input, 'repositoryName'))
    const ids = objectsMember(input, 'imageIds')?.map((value) => imageIdOf(value))
    const images = ids?.map((id) => {
      const image = repository.find(id.digest ?? id.tag ?? '')
      if (image === undefined) throw imageNotFound(id, repository.name, this.registry.id)
      return image
    })
    const { items, nextToken } = pageOf(images ?? repository.images, input)
    return {
      imageDetails: items.map((image) => this.#imageJson(repository, image)),
      ...(nextToken !== undefined && { nextToken }),
    }
  }

  /** @throws ServiceError RepositoryNotFoundException */
  #repository(name: string): Repository {
    return this.registry.repository(`${this.alias}/${name}`)
  }

  #repositoryJson({ name, createdAtMs }: Repository): JsonObject {
    const { id } = this.registry
    const repositoryName = name.slice(this.alias.length + 1)
    return {
      repositoryArn: `arn:aws:ecr-public::${id}:repository/${repositoryName}`,
      registryId: id,
      repositoryName,
      repositoryUri: `${PUBLIC_HOST}/${name}`,
      createdAt: epochSeconds(createdAtMs),
    }
  }

  #imageJson(repository: Repository, { manifest, pushedAtMs }: StoredImage): JsonObject {
    const { registryId } = named(this.registry, repository)
    return {
      registryId: registryId ?? this.registry.id,
      repositoryName: repository.name.slice(this.alias.length + 1),
      imageDigest: manifest.digest,
      imageTags: [...repository.tagsOf(manifest.digest)],
      imagePushedAt: epochSeconds(pushedAtMs),
      imageManifestMediaType: manifest.mediaType,
    }
  }
}

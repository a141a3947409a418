import { repositoryArn } from '../../iam/place.ts'
import { epochSeconds } from '../../wire/json.ts'
import { objectMember, stringsMember } from '../../wire/members.ts'
import { ServiceError, type JsonObject } from '../../wire/service.ts'
import { invalidParameter } from '../store/refusals.ts'
import type { Registry } from '../store/registry.ts'
import type { Repository, RepositorySettings } from '../store/repository.ts'
import { encryptionOf } from './encryption.ts'
import type { EcrOperations } from './operation.ts'
import { pageOf } from './page.ts'
import { tagMutabilityJson, tagMutabilityOf } from './tag-mutability.ts'
import { tagsOf } from './tags.ts'
import { named, required, targetRepository } from './target.ts'

/** Operations on repositories. */
export const repositoryOperations: EcrOperations = {
  CreateRepository: (registry, input) => {
    const repository = registry.create(required(input, 'repositoryName'), settingsOf(input))
    return { repository: repositoryJson(registry, repository) }
  },
  DescribeRepositories: (registry, input) => {
    const names = stringsMember(input, 'repositoryNames')
    const found = names?.map((name) => registry.repository(name)) ?? registry.repositories
    const { items, nextToken } = pageOf(found, input)
    return {
      repositories: items.map((repository) => repositoryJson(registry, repository)),
      ...(nextToken !== undefined && { nextToken }),
    }
  },
  DeleteRepository: (registry, input) => {
    const repository = targetRepository(registry, input)
    if (repository.images.length > 0 && input['force'] !== true) {
      throw new ServiceError(
        'RepositoryNotEmptyException',
        `The repository with name '${repository.name}' in registry with id '${registry.id}' ` +
          'cannot be deleted because it still contains images',
      )
    }
    registry.remove(repository.name)
    return { repository: repositoryJson(registry, repository) }
  },
  PutImageTagMutability: (registry, input) => {
    const repository = targetRepository(registry, input)
    required(input, 'imageTagMutability')
    repository.settings = { ...repository.settings, ...tagMutabilityOf(input) }
    return { ...named(registry, repository), ...tagMutabilityJson(repository.settings) }
  },
  PutImageScanningConfiguration: (registry, input) => {
    const repository = targetRepository(registry, input)
    const scanning = objectMember(input, 'imageScanningConfiguration')
    if (scanning === undefined) {
      throw invalidParameter('imageScanningConfiguration', 'Member must not be null')
    }
    const scanOnPush = scanning['scanOnPush'] === true
    repository.settings = { ...repository.settings, scanOnPush }
    return { ...named(registry, repository), imageScanningConfiguration: { scanOnPush } }
  },
}

function settingsOf(input: JsonObject): Partial<RepositorySettings> {
  return {
    ...tagMutabilityOf(input),
    scanOnPush: objectMember(input, 'imageScanningConfiguration')?.['scanOnPush'] === true,
    encryption: encryptionOf(input),
    resourceTags: tagsOf(input, 'tags'),
  }
}

function repositoryJson(
  registry: Registry,
  { name, createdAtMs, settings }: Repository,
): JsonObject {
  return {
    repositoryArn: repositoryArn(name, registry.place),
    registryId: registry.id,
    repositoryName: name,
    repositoryUri: `${registry.publishedHost}/${name}`,
    createdAt: epochSeconds(createdAtMs),
    ...tagMutabilityJson(settings),
    imageScanningConfiguration: { scanOnPush: settings.scanOnPush },
    encryptionConfiguration: settings.encryption,
  }
}

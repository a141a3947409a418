import { repositoryArn } from '../../iam/resource.ts'
import { epochSeconds } from '../../wire/json.ts'
import { objectMember, objectsMember, stringMember, stringsMember } from '../../wire/members.ts'
import type { JsonObject, Operation } from '../../wire/service.ts'
import { isTagMutability } from '../store/mutability.ts'
import { invalidParameter } from '../store/refusals.ts'
import type { CreationTemplate, Registry } from '../store/registry.ts'
import type { Repository, RepositorySettings } from '../store/repository.ts'
import { pageOf } from './page.ts'
import { required } from './target.ts'

/** Operations on repositories. */
export function repositoryOperations(registry: Registry): Readonly<Record<string, Operation>> {
  return {
    CreateRepository: (input) => {
      const repository = registry.create(required(input, 'repositoryName'), settingsOf(input))
      return { repository: repositoryJson(registry, repository) }
    },
    DescribeRepositories: (input) => {
      const names = stringsMember(input, 'repositoryNames')
      const registryId = stringMember(input, 'registryId') ?? registry.id
      const own = registryId === registry.id ? registry.repositories : []
      const found = names?.map((name) => registry.repository(name, registryId)) ?? own
      const { items, nextToken } = pageOf(found, input)
      return {
        repositories: items.map((repository) => repositoryJson(registry, repository)),
        ...(nextToken !== undefined && { nextToken }),
      }
    },
    DescribeRepositoryCreationTemplates: (input) => {
      const prefixes = stringsMember(input, 'prefixes')
      const found = registry.templates.filter(({ prefix }) => prefixes?.includes(prefix) ?? true)
      const { items, nextToken } = pageOf(found, input)
      return {
        registryId: registry.id,
        repositoryCreationTemplates: items.map(templateJson),
        ...(nextToken !== undefined && { nextToken }),
      }
    },
  }
}

function settingsOf(input: JsonObject): Partial<RepositorySettings> {
  const tagMutability = stringMember(input, 'imageTagMutability') ?? 'MUTABLE'
  if (!isTagMutability(tagMutability)) {
    throw invalidParameter('imageTagMutability', 'Member must satisfy enum value set')
  }
  const filters = objectsMember(input, 'imageTagMutabilityExclusionFilters') ?? []
  if (filters.length > 0 && !tagMutability.endsWith('_WITH_EXCLUSION')) {
    throw invalidParameter(
      'imageTagMutabilityExclusionFilters',
      `Member must be empty when imageTagMutability is ${tagMutability}`,
    )
  }
  const scanning = objectMember(input, 'imageScanningConfiguration')
  const encryption = objectMember(input, 'encryptionConfiguration')
  return {
    tagMutability,
    exclusionFilters: filters.map((filter) => required(filter, 'filter')),
    scanOnPush: scanning?.['scanOnPush'] === true,
    encryption: encryption ?? { encryptionType: 'AES256' },
    resourceTags: objectsMember(input, 'tags') ?? [],
  }
}

function filtersJson(settings: Partial<RepositorySettings>): JsonObject {
  const filters = settings.exclusionFilters ?? []
  if (filters.length === 0) return {}
  return {
    imageTagMutabilityExclusionFilters: filters.map((filter) => ({
      filterType: 'WILDCARD',
      filter,
    })),
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
    imageTagMutability: settings.tagMutability,
    ...filtersJson(settings),
    imageScanningConfiguration: { scanOnPush: settings.scanOnPush },
    encryptionConfiguration: settings.encryption,
  }
}

function templateJson({ prefix, appliedFor, settings = {} }: CreationTemplate): JsonObject {
  return {
    prefix,
    appliedFor: [...appliedFor],
    imageTagMutability: settings.tagMutability ?? 'MUTABLE',
    ...filtersJson(settings),
    encryptionConfiguration: settings.encryption ?? { encryptionType: 'AES256' },
  }
}

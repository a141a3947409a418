import { epochSeconds, present } from '../../wire/json.ts'
import { stringMember, stringsMember } from '../../wire/members.ts'
import { ServiceError, type JsonObject } from '../../wire/service.ts'
import {
  isTemplatePurpose,
  type CreationTemplate,
  type TemplatePurpose,
} from '../store/creation-template.ts'
import { invalidParameter } from '../store/refusals.ts'
import type { Registry } from '../store/registry.ts'
import { encryptionOf } from './encryption.ts'
import { lifecyclePolicyOf } from './lifecycle-policies.ts'
import type { EcrOperations } from './operation.ts'
import { pageOf } from './page.ts'
import { repositoryPolicyOf } from './repository-policies.ts'
import { tagMutabilityJson, tagMutabilityOf } from './tag-mutability.ts'
import { tagsOf } from './tags.ts'
import { required } from './target.ts'

const PREFIX = /^(ROOT|[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)$/

/** Operations on repository creation templates. */
export const creationTemplateOperations: EcrOperations = {
  CreateRepositoryCreationTemplate: (registry, input) => {
    const template = templateOf(registry, input)
    if (registry.templates.some(({ prefix }) => prefix === template.prefix)) {
      throw new ServiceError(
        'TemplateAlreadyExistsException',
        `The repository creation template with prefix '${template.prefix}' already exists in the ` +
          `registry with id '${registry.id}'`,
      )
    }
    registry.templates.push(template)
    return { registryId: registry.id, repositoryCreationTemplate: templateJson(template) }
  },
  DescribeRepositoryCreationTemplates: (registry, input) => {
    const prefixes = stringsMember(input, 'prefixes')
    const found = registry.templates.filter(({ prefix }) => prefixes?.includes(prefix) ?? true)
    const { items, nextToken } = pageOf(found, input)
    return {
      registryId: registry.id,
      repositoryCreationTemplates: items.map(templateJson),
      ...(nextToken !== undefined && { nextToken }),
    }
  },
  DeleteRepositoryCreationTemplate: (registry, input) => {
    const prefix = required(input, 'prefix')
    const index = registry.templates.findIndex((template) => template.prefix === prefix)
    const [template] = index < 0 ? [] : registry.templates.splice(index, 1)
    if (template === undefined) {
      throw new ServiceError(
        'TemplateNotFoundException',
        `The repository creation template with prefix '${prefix}' does not exist in the registry ` +
          `with id '${registry.id}'`,
      )
    }
    return { registryId: registry.id, repositoryCreationTemplate: templateJson(template) }
  },
}

function templateOf(registry: Registry, input: JsonObject): CreationTemplate {
  const prefix = required(input, 'prefix')
  if (!PREFIX.test(prefix)) {
    throw invalidParameter('prefix', `must satisfy regular expression '${PREFIX.source}'`)
  }
  const description = stringMember(input, 'description')
  return {
    prefix,
    appliedFor: purposesOf(input),
    createdAtMs: registry.clock.now(),
    ...(description !== undefined && { description }),
    settings: {
      ...tagMutabilityOf(input),
      encryption: encryptionOf(input),
      resourceTags: tagsOf(input, 'resourceTags'),
      lifecyclePolicy: lifecyclePolicyOf(input, 'lifecyclePolicy'),
      repositoryPolicy: repositoryPolicyOf(input, 'repositoryPolicy'),
    },
  }
}

function purposesOf(input: JsonObject): readonly TemplatePurpose[] {
  const purposes = stringsMember(input, 'appliedFor') ?? []
  if (purposes.length === 0) throw invalidParameter('appliedFor', 'Member must not be null')
  return purposes.map((purpose) => {
    if (isTemplatePurpose(purpose)) return purpose
    throw invalidParameter('appliedFor', 'Member must satisfy enum value set')
  })
}

function templateJson(template: CreationTemplate): JsonObject {
  const { prefix, appliedFor, settings = {}, createdAtMs = 0, description } = template
  const { encryption, resourceTags = [], lifecyclePolicy, repositoryPolicy } = settings
  return {
    prefix,
    appliedFor: [...appliedFor],
    ...tagMutabilityJson(settings),
    encryptionConfiguration: encryption ?? { encryptionType: 'AES256' },
    resourceTags: [...resourceTags],
    ...present({ description, lifecyclePolicy, repositoryPolicy }),
    createdAt: epochSeconds(createdAtMs),
    updatedAt: epochSeconds(createdAtMs),
  }
}

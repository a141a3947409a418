import { repositoryArn } from '../../iam/place.ts'
import { objectsMember, stringMember, stringsMember } from '../../wire/members.ts'
import { ServiceError, type JsonObject } from '../../wire/service.ts'
import { invalidParameter } from '../store/refusals.ts'
import type { Registry } from '../store/registry.ts'
import type { Repository } from '../store/repository.ts'
import type { EcrOperations } from './operation.ts'
import { required } from './target.ts'

const MOST_TAGS = 50

/** Operations on the tags of a repository, which are not those of its images. */
export const tagOperations: EcrOperations = {
  TagResource: (registry, input) => {
    const repository = taggedRepository(registry, input)
    const news = tagsOf(input, 'tags')
    const kept = repository.settings.resourceTags.filter(
      ({ Key: key }) => !news.some((tag) => tag['Key'] === key),
    )
    const resourceTags = [...kept, ...news]
    checkNumber(resourceTags.length)
    repository.settings = { ...repository.settings, resourceTags }
    return {}
  },
  UntagResource: (registry, input) => {
    const repository = taggedRepository(registry, input)
    const keys = stringsMember(input, 'tagKeys') ?? []
    const resourceTags = repository.settings.resourceTags.filter(
      ({ Key: key }) => typeof key !== 'string' || !keys.includes(key),
    )
    repository.settings = { ...repository.settings, resourceTags }
    return {}
  },
  ListTagsForResource: (registry, input) => ({
    tags: [...taggedRepository(registry, input).settings.resourceTags],
  }),
}

/** The tags that a member gives, checked. */
export function tagsOf(input: JsonObject, member: string): readonly JsonObject[] {
  const tags = (objectsMember(input, member) ?? []).map((tag): JsonObject => {
    const Key = required(tag, 'Key')
    if (Key === '' || Key.length > 128 || Key.toLowerCase().startsWith('aws:')) {
      throw new ServiceError('InvalidTagParameterException', `Tag key '${Key}' is invalid`)
    }
    return { Key, Value: stringMember(tag, 'Value') ?? '' }
  })
  checkNumber(tags.length)
  return tags
}

function checkNumber(tags: number): void {
  if (tags <= MOST_TAGS) return
  throw new ServiceError(
    'TooManyTagsException',
    'The list of tags on the repository is over the limit. The maximum number of tags is 50',
  )
}

function taggedRepository(registry: Registry, input: JsonObject): Repository {
  const arn = required(input, 'resourceArn')
  const prefix = repositoryArn('', registry.place)
  if (!arn.startsWith(prefix)) {
    throw invalidParameter('resourceArn', 'Invalid ARN')
  }
  return registry.repository(arn.slice(prefix.length))
}

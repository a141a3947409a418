import { objectsMember, stringMember, stringsMember } from '../../wire/members.ts'
import type { JsonObject, Operation } from '../../wire/service.ts'
import { nameOf } from '../arn.ts'
import { invalidParameter } from '../refusals.ts'

import type { Api } from './api.ts'

/** The tags of the resource, to be changed in place. */
function tagsOf(api: Api, input: JsonObject): JsonObject[] {
  const arn = stringMember(input, 'resourceArn') ?? ''
  const tags = [
    api.store.clusters.get(nameOf(arn)),
    api.store.services.get(arn),
    api.store.taskDefinition(arn),
    api.store.runs(api.clock.now()).find(({ task }) => task.arn === arn)?.task,
  ].find((resource) => resource?.arn === arn)?.tags
  if (tags === undefined) throw invalidParameter(`The specified resource was not found: ${arn}`)
  return tags
}

function remove(tags: JsonObject[], keys: readonly (string | undefined)[]): void {
  const kept = tags.filter((tag) => !keys.includes(stringMember(tag, 'key')))
  tags.splice(0, tags.length, ...kept)
}

function tag(api: Api, input: JsonObject): JsonObject {
  const tags = tagsOf(api, input)
  const added = objectsMember(input, 'tags') ?? []
  remove(
    tags,
    added.map((one) => stringMember(one, 'key')),
  )
  tags.push(...added)
  return {}
}

function untag(api: Api, input: JsonObject): JsonObject {
  remove(tagsOf(api, input), stringsMember(input, 'tagKeys') ?? [])
  return {}
}

export function tagOperations(api: Api): Record<string, Operation> {
  return {
    TagResource: (input) => tag(api, input),
    UntagResource: (input) => untag(api, input),
    ListTagsForResource: (input) => ({ tags: tagsOf(api, input) }),
  }
}

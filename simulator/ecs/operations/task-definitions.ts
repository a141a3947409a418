import { epochSeconds, present } from '../../wire/json.ts'
import { objectsMember, stringMember, stringsMember } from '../../wire/members.ts'
import type { Call, Json, JsonObject, Operation } from '../../wire/service.ts'
import { nameOf } from '../arn.ts'
import { containerDefinitions, type TaskDefinition } from '../model/task-definition.ts'
import { pageOf } from '../page.ts'
import { clientError, invalidParameter } from '../refusals.ts'
import { checkTaskDefinition } from '../validation/task-definition-rules.ts'
import { without } from '../without.ts'

import type { Api } from './api.ts'

/** What ECS fills into every container definition that does not say otherwise. */
const containerDefaults: JsonObject = {
  cpu: 0,
  portMappings: [],
  essential: true,
  environment: [],
  mountPoints: [],
  volumesFrom: [],
  systemControls: [],
}

function withPorts(container: JsonObject, networkMode: string | undefined): Json[] {
  return (objectsMember(container, 'portMappings') ?? []).map((mapping) => {
    const port = mapping['containerPort']
    const hostPort = networkMode === 'awsvpc' && port !== undefined ? { hostPort: port } : {}
    return { protocol: 'tcp', ...hostPort, ...mapping }
  })
}

function compatibilitiesOf(input: JsonObject): Json[] {
  const asked = stringsMember(input, 'requiresCompatibilities') ?? []
  return [...new Set(['EC2', ...asked])]
}

/** The registered JSON: the input as it came, ECS's defaults below it and its facts above. */
function registeredJson(input: JsonObject, facts: JsonObject): JsonObject {
  const networkMode = stringMember(input, 'networkMode')
  return {
    volumes: [],
    placementConstraints: [],
    ...without(input, 'tags'),
    containerDefinitions: containerDefinitions(input).map((container) => ({
      ...containerDefaults,
      ...container,
      portMappings: withPorts(container, networkMode),
    })),
    ...facts,
  }
}

function described({ json, status }: TaskDefinition): JsonObject {
  return { ...json, status }
}

function register(api: Api, input: JsonObject, call: Call): JsonObject {
  checkTaskDefinition(input)
  const family = stringMember(input, 'family') ?? ''
  const revisions = api.store.taskDefinitions.get(family) ?? []
  const revision = revisions.length + 1
  const arn = api.arns.taskDefinition(family, revision)
  const definition: TaskDefinition = {
    arn,
    family,
    revision,
    status: 'ACTIVE',
    tags: [...(objectsMember(input, 'tags') ?? [])],
    json: registeredJson(input, {
      taskDefinitionArn: arn,
      revision,
      compatibilities: compatibilitiesOf(input),
      registeredAt: epochSeconds(api.clock.now()),
      registeredBy: call.caller.arn,
    }),
  }
  api.store.taskDefinitions.set(family, [...revisions, definition])
  return { taskDefinition: described(definition), tags: definition.tags }
}

function find(api: Api, input: JsonObject): TaskDefinition {
  const found = api.store.taskDefinition(stringMember(input, 'taskDefinition') ?? '')
  if (found === undefined) throw clientError('Unable to describe task definition.')
  return found
}

function describe(api: Api, input: JsonObject): JsonObject {
  const definition = find(api, input)
  const withTags = (stringsMember(input, 'include') ?? []).includes('TAGS')
  return present({
    taskDefinition: described(definition),
    tags: withTags ? definition.tags : undefined,
  })
}

function deregister(api: Api, input: JsonObject): JsonObject {
  const [, revision] = nameOf(stringMember(input, 'taskDefinition') ?? '').split(':')
  if (revision === undefined) throw clientError('Revision is missing.')
  if (!/^\d+$/.test(revision)) {
    throw invalidParameter(`Invalid revision number. Number: ${revision}`)
  }
  const definition = find(api, input)
  if (definition.status === 'ACTIVE') {
    definition.status = 'INACTIVE'
    definition.json['deregisteredAt'] = epochSeconds(api.clock.now())
  }
  return { taskDefinition: described(definition) }
}

/** The families in alphabetical order, each with the revisions that are still there. */
function families(api: Api): readonly (readonly [string, readonly TaskDefinition[]])[] {
  return [...api.store.taskDefinitions]
    .map(
      ([family, revisions]) =>
        [family, revisions.filter((definition) => definition !== undefined)] as const,
    )
    .filter(([, revisions]) => revisions.length > 0)
    .sort(([one], [other]) => (one < other ? -1 : 1))
}

/** `familyPrefix` is a whole family here, and a prefix in ListTaskDefinitionFamilies. */
function list(api: Api, input: JsonObject): JsonObject {
  const family = stringMember(input, 'familyPrefix')
  const status = stringMember(input, 'status') ?? 'ACTIVE'
  const all = families(api)
    .filter(([name]) => family === undefined || name === family)
    .flatMap(([, revisions]) => revisions)
    .filter((definition) => definition.status === status)
    .map(({ arn }) => arn)
  if (stringMember(input, 'sort') === 'DESC') all.reverse()
  const { items, more } = pageOf(all, input, { defaultSize: 100 })
  return { taskDefinitionArns: [...items], ...more }
}

function listFamilies(api: Api, input: JsonObject): JsonObject {
  const prefix = stringMember(input, 'familyPrefix') ?? ''
  const status = stringMember(input, 'status') ?? 'ALL'
  const names = families(api)
    .filter(([, revisions]) => {
      const active = revisions.some((definition) => definition.status === 'ACTIVE')
      return status === 'ALL' || active === (status === 'ACTIVE')
    })
    .map(([name]) => name)
    .filter((name) => name.startsWith(prefix))
  const { items, more } = pageOf(names, input, { defaultSize: 100 })
  return { families: [...items], ...more }
}

export function taskDefinitionOperations(api: Api): Record<string, Operation> {
  return {
    RegisterTaskDefinition: (input, call) => register(api, input, call),
    DescribeTaskDefinition: (input) => describe(api, input),
    DeregisterTaskDefinition: (input) => deregister(api, input),
    ListTaskDefinitions: (input) => list(api, input),
    ListTaskDefinitionFamilies: (input) => listFamilies(api, input),
  }
}

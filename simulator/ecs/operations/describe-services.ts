import { stringMember, stringsMember } from '../../wire/members.ts'
import type { JsonObject, Operation } from '../../wire/service.ts'
import { clusterOf, nameOf } from '../arn.ts'
import { pageOf } from '../page.ts'
import { invalidParameter } from '../refusals.ts'
import { observedView } from '../views/service-snapshot.ts'
import { without } from '../without.ts'

import type { Api } from './api.ts'

const mostServices = 10
const listFilters = ['launchType', 'schedulingStrategy'] as const

function describe(api: Api, input: JsonObject): JsonObject {
  const cluster = api.store.cluster(stringMember(input, 'cluster'))
  const asked = stringsMember(input, 'services') ?? []
  if (asked.length === 0) throw invalidParameter('Services cannot be empty.')
  if (asked.length > mostServices)
    throw invalidParameter('Services cannot have more than 10 elements.')
  const tags = (stringsMember(input, 'include') ?? []).includes('TAGS')
  const services: JsonObject[] = []
  const failures: JsonObject[] = []
  for (const nameOrArn of asked) {
    const arn = api.store.serviceArn(nameOrArn, cluster)
    const service = api.store.services.get(arn)
    const seeded = api.store.staticServices.get(arn)
    if (service !== undefined) services.push(observedView(service, api, tags))
    else if (seeded !== undefined) services.push(tags ? seeded : without(seeded, 'tags'))
    else failures.push({ arn, reason: 'MISSING' })
  }
  return { services, failures }
}

function list(api: Api, input: JsonObject): JsonObject {
  const cluster = api.store.cluster(stringMember(input, 'cluster'))
  const live = [...api.store.services.values()].filter(({ status }) => status !== 'INACTIVE')
  const all = [
    ...live.map(({ arn, settings }) => ({ arn, settings })),
    ...[...api.store.staticServices].map(([arn, settings]) => ({ arn, settings })),
  ]
  const asked = listFilters.map((name) => [name, stringMember(input, name)] as const)
  const arns = all
    .filter(({ arn }) => clusterOf(arn) === nameOf(cluster.arn))
    .filter(({ settings }) =>
      asked.every(([name, value]) => value === undefined || settings[name] === value),
    )
    .map(({ arn }) => arn)
  const { items, more } = pageOf(arns, input, { defaultSize: 10 })
  return { serviceArns: [...items], ...more }
}

export function describeServiceOperations(api: Api): Record<string, Operation> {
  return {
    DescribeServices: (input) => describe(api, input),
    ListServices: (input) => list(api, input),
  }
}

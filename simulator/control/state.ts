import type { Services } from '../services.ts'
import { listMember, objectMember, stringMember, stringsMember } from '../wire/members.ts'
import type { JsonObject } from '../wire/service.ts'

type Stateful = Pick<
  Services,
  'place' | 'clock' | 'iam' | 'ecr' | 'ecs' | 'github' | 'faults' | 'throttling'
>

/** A picture of everything that is simulated, as the APIs tell it. No secret is in it. */
export async function stateOf(services: Stateful): Promise<JsonObject> {
  const { place, clock, iam, ecr, ecs, github, faults, throttling } = services
  return {
    nowMs: clock.now(),
    ...place,
    iam: iam.state(),
    ecr: ecr.state(),
    ecs: { ...(await definitions(services)), ...ecs.dump() },
    github: github.state(),
    throttling: throttling.mode,
    faults: { plan: [...faults.plan], hits: faults.hits().map((hit) => ({ ...hit })) },
  }
}

/** Clusters, and every task definition that is active. */
async function definitions({ place, ecs }: Stateful): Promise<JsonObject> {
  const arn = `arn:aws:iam::${place.accountId}:root`
  const caller = { accessKeyId: 'state', ...place, arn }
  const ask = async (operation: string, input: JsonObject): Promise<JsonObject> =>
    (await ecs.operations[operation]?.(input, { caller, requestId: 'state' })) ?? {}
  const taskDefinitions: JsonObject[] = []
  let page: JsonObject = {}
  do {
    page = await ask('ListTaskDefinitions', nextPage(page))
    for (const taskDefinition of stringsMember(page, 'taskDefinitionArns') ?? []) {
      const described = await ask('DescribeTaskDefinition', { taskDefinition })
      taskDefinitions.push(objectMember(described, 'taskDefinition') ?? {})
    }
  } while (stringMember(page, 'nextToken') !== undefined)
  const clusters = listMember(await ask('DescribeClusters', {}), 'clusters') ?? []
  return { clusters: [...clusters], taskDefinitions }
}

function nextPage(page: JsonObject): JsonObject {
  const nextToken = stringMember(page, 'nextToken')
  return nextToken === undefined ? {} : { nextToken }
}

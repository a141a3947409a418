import type { JsonObject } from '../../wire/service.ts'
import {
  everyOne,
  everything,
  isAnswer,
  judgementOf,
  numberIn,
  objectIn,
  objectsIn,
  textIn,
  type Located,
  overAll,
  type Rule,
  type Seen,
} from './rule.ts'

/** Services as any answer shows them. */
export function servicesIn(exchange: Located): readonly JsonObject[] {
  if (isAnswer(exchange, 'ecs', 'DescribeServices')) return objectsIn(exchange.response, 'services')
  const service = objectIn(exchange.response, 'service')
  return isAnswer(exchange, 'ecs', 'UpdateService') ? [service] : []
}

const rollingServicesIn = (exchange: Located): readonly JsonObject[] =>
  servicesIn(exchange).filter((service) => {
    const { type = 'ECS' } = objectIn(service, 'deploymentController')
    const { strategy = 'ROLLING' } = objectIn(service, 'deploymentConfiguration')
    return type === 'ECS' && strategy === 'ROLLING' && textIn(service, 'status') === 'ACTIVE'
  })

const deploymentsOf = (service: JsonObject): readonly JsonObject[] =>
  objectsIn(service, 'deployments')

export const primaryOf = (service: JsonObject): JsonObject =>
  deploymentsOf(service).find((one) => textIn(one, 'status') === 'PRIMARY') ?? {}

const numberOf = (arnOrId: string): string => arnOrId.split('/').at(-1) ?? ''

/** UpdateService, with the service as it was before. */
interface Update {
  readonly before: JsonObject
  readonly after: JsonObject
  readonly request: JsonObject
}

function updates(exchanges: readonly Located[]): readonly Seen<Update>[] {
  const latest = new Map<string, JsonObject>()
  return exchanges.flatMap((at) => {
    const found = servicesIn(at).map((after) => {
      const arn = textIn(after, 'serviceArn')
      const before = latest.get(arn)
      latest.set(arn, after)
      return { before, after }
    })
    if (at.operation !== 'UpdateService') return []
    return found.flatMap(({ before, after }) =>
      before === undefined ? [] : [{ value: { before, after, request: at.request }, at }],
    )
  })
}

/** Members of UpdateService that say where, not what. */
const ADDRESS = new Set(['cluster', 'service'])
/** Members that never are part of a service revision. */
const NO_REVISION = new Set(['desiredCount', 'forceNewDeployment'])

function asksForAnother({ request, before }: Update): boolean | undefined {
  if (request['forceNewDeployment'] === true) return true
  const given = Object.keys(request).filter((name) => !ADDRESS.has(name) && !NO_REVISION.has(name))
  if (given.some((name) => name !== 'taskDefinition')) return undefined
  if (!given.includes('taskDefinition')) return false
  const tail = numberOf(textIn(request, 'taskDefinition'))
  // A family alone is its newest revision, which a trace does not tell.
  return tail.includes(':') ? tail !== numberOf(textIn(before, 'taskDefinition')) : undefined
}

/** The first look at a service after one of its deployments failed and another became PRIMARY. */
interface Rollback {
  readonly failedId: string
  readonly primaryId: string
  readonly completedBefore: boolean
}

function rollbacks(exchanges: readonly Located[]): readonly Seen<Rollback>[] {
  const completed = new Set<string>()
  const failed = new Set<string>()
  return everything(exchanges, rollingServicesIn).flatMap(({ value, at }) => {
    const primary = primaryOf(value)
    const primaryId = textIn(primary, 'id')
    const completedBefore = completed.has(primaryId)
    if (textIn(primary, 'rolloutState') === 'COMPLETED') completed.add(primaryId)
    const newlyFailed = deploymentsOf(value)
      .filter((one) => textIn(one, 'rolloutState') === 'FAILED')
      .map((one) => textIn(one, 'id'))
      .filter((id) => id !== primaryId && !failed.has(id))
    for (const id of newlyFailed) failed.add(id)
    return newlyFailed.map((failedId) => ({ value: { failedId, primaryId, completedBefore }, at }))
  })
}

export const deploymentRules: readonly Rule[] = [
  everyOne(
    'ECS-8',
    'the number of a deployment is the tail of a service revision',
    (exchange) =>
      rollingServicesIn(exchange).filter(
        (service) => objectsIn(service, 'currentServiceRevisions').length > 0,
      ),
    (service) => {
      const numbers = deploymentsOf(service).map((one) => numberOf(textIn(one, 'id')))
      const foreign = objectsIn(service, 'currentServiceRevisions')
        .map((revision) => numberOf(textIn(revision, 'arn')))
        .filter((tail) => !numbers.includes(tail))
      return foreign.length === 0
        ? undefined
        : `revision ${foreign.join(', ')} belongs to none of the deployments ${numbers.join(', ')}`
    },
  ),
  everyOne('ECS-28', 'there is one PRIMARY deployment', rollingServicesIn, (service) => {
    const statuses = deploymentsOf(service).map((one) => textIn(one, 'status'))
    return statuses.filter((status) => status === 'PRIMARY').length === 1
      ? undefined
      : `the deployments are ${statuses.join(', ') || 'none'}`
  }),
  everyOne(
    'ECS-9',
    'a rollout is COMPLETED when every old task has stopped',
    (exchange) =>
      rollingServicesIn(exchange).filter(
        (service) => textIn(primaryOf(service), 'rolloutState') === 'COMPLETED',
      ),
    (service) => {
      const left = deploymentsOf(service).filter(
        (one) => textIn(one, 'status') !== 'PRIMARY' && numberIn(one, 'runningCount') > 0,
      )
      return left.length === 0
        ? undefined
        : `PRIMARY is COMPLETED while ${left.map((one) => textIn(one, 'id')).join(', ')} still runs tasks`
    },
  ),
  overAll(
    'ECS-12',
    'UpdateService makes a deployment where the definition is another or it is forced, else none',
    (exchanges) => {
      const seen = updates(exchanges).filter(({ value }) => asksForAnother(value) !== undefined)
      return judgementOf(seen.length, seen, ({ value }) => {
        const [before, after] = [value.before, value.after].map((one) =>
          textIn(primaryOf(one), 'id'),
        )
        const another = asksForAnother(value) === true
        if (another === (before !== after)) return undefined
        return another
          ? `${after ?? ''} stays PRIMARY, though another was asked for`
          : `${after ?? ''} is new, though nothing changed`
      })
    },
  ),
  overAll(
    'ECS-15',
    'after a rollback the deployment that completed last is PRIMARY again, with its own id',
    (exchanges) => {
      const seen = rollbacks(exchanges)
      return judgementOf(seen.length, seen, ({ value }) =>
        value.completedBefore
          ? undefined
          : `after ${value.failedId} failed, ${value.primaryId} is PRIMARY, which never was COMPLETED`,
      )
    },
  ),
]

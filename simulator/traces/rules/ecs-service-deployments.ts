import type { JsonObject } from '../../wire/service.ts'
import { servicesIn } from './ecs-deployments.ts'
import {
  everything,
  isAnswer,
  judgementOf,
  objectIn,
  objectsIn,
  textIn,
  type Located,
  overAll,
  type Rule,
} from './rule.ts'

/** What may follow a status at once. A poll may miss any of them. */
const NEXT: Readonly<Record<string, readonly string[]>> = {
  PENDING: ['IN_PROGRESS', 'STOP_REQUESTED', 'ROLLBACK_REQUESTED'],
  IN_PROGRESS: ['SUCCESSFUL', 'STOP_REQUESTED', 'ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS'],
  STOP_REQUESTED: ['STOPPED', 'SUCCESSFUL'],
  ROLLBACK_REQUESTED: ['ROLLBACK_IN_PROGRESS', 'SUCCESSFUL', 'ROLLBACK_FAILED'],
  ROLLBACK_IN_PROGRESS: ['ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED', 'STOP_REQUESTED'],
  SUCCESSFUL: [],
  STOPPED: [],
  ROLLBACK_SUCCESSFUL: [],
  ROLLBACK_FAILED: [],
}

const recordsIn = (exchange: Located): readonly JsonObject[] =>
  isAnswer(exchange, 'ecs', 'DescribeServiceDeployments')
    ? objectsIn(exchange.response, 'serviceDeployments')
    : []

function canBecome(from: string, to: string): boolean {
  return from === to || (NEXT[from] ?? []).some((next) => canBecome(next, to))
}

export const serviceDeploymentRules: readonly Rule[] = [
  overAll(
    'ECS-8',
    'a service deployment goes from PENDING over IN_PROGRESS to one end',
    (exchanges) => {
      const seen = everything(exchanges, recordsIn)
      const latest = new Map<string, string>()
      return judgementOf(seen.length, seen, ({ value }) => {
        const arn = textIn(value, 'serviceDeploymentArn')
        const to = textIn(value, 'status')
        const from = latest.get(arn) ?? 'PENDING'
        latest.set(arn, to)
        if (!(to in NEXT)) return `the status ${to} is none of the rule's`
        return canBecome(from, to) ? undefined : `${from} became ${to}`
      })
    },
  ),
  overAll(
    'ECS-8',
    'the revision that a service deployment targets names a deployment of the service',
    (exchanges) => {
      const ids = new Set(
        exchanges
          .flatMap(servicesIn)
          .flatMap((service) => objectsIn(service, 'deployments'))
          .map((deployment) => textIn(deployment, 'id').replace('ecs-svc/', '')),
      )
      const seen = everything(exchanges, recordsIn)
      return judgementOf(seen.length, seen, ({ value }) => {
        const arn = textIn(objectIn(value, 'targetServiceRevision'), 'arn')
        const tail = arn.split('/').at(-1) ?? ''
        return ids.has(tail) ? undefined : `no deployment is ecs-svc/${tail}`
      })
    },
  ),
]

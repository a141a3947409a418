import type { JsonObject } from '../../wire/service.ts'
import { servicesIn } from './ecs-deployments.ts'
import {
  everyOne,
  everything,
  isAnswer,
  judgementOf,
  numberIn,
  objectsIn,
  textIn,
  type Located,
  overAll,
  type Rule,
} from './rule.ts'

const tasksIn = (exchange: Located): readonly JsonObject[] =>
  isAnswer(exchange, 'ecs', 'DescribeTasks') ? objectsIn(exchange.response, 'tasks') : []

const runningContainersIn = (exchange: Located): readonly JsonObject[] =>
  tasksIn(exchange)
    .filter((task) => textIn(task, 'lastStatus') === 'RUNNING')
    .flatMap((task) => objectsIn(task, 'containers'))

const failuresOf =
  (operation: string) =>
  (exchange: Located): readonly JsonObject[] =>
    isAnswer(exchange, 'ecs', operation) ? objectsIn(exchange.response, 'failures') : []

const saysMissing = (failure: JsonObject): string | undefined =>
  textIn(failure, 'reason') === 'MISSING'
    ? undefined
    : `the reason is ${JSON.stringify(failure['reason'] ?? null)}`

export const taskRules: readonly Rule[] = [
  everyOne(
    'ECS-7',
    'DescribeServices answers an unknown service as a failure MISSING',
    failuresOf('DescribeServices'),
    saysMissing,
  ),
  everyOne(
    'ECS-23',
    'DescribeTasks answers an unknown task as a failure MISSING',
    failuresOf('DescribeTasks'),
    saysMissing,
  ),
  overAll(
    'ECS-8',
    "a task of a service was started by one of the service's deployments",
    (exchanges) => {
      const ids = new Set(
        exchanges
          .flatMap(servicesIn)
          .flatMap((service) => objectsIn(service, 'deployments'))
          .map((deployment) => textIn(deployment, 'id')),
      )
      const seen = everything(exchanges, tasksIn).filter(({ value }) =>
        textIn(value, 'group').startsWith('service:'),
      )
      return judgementOf(seen.length, seen, ({ value }) => {
        const startedBy = textIn(value, 'startedBy')
        // Another writer's deployment may have come and gone between two looks.
        if (ids.size === 0 || ids.has(startedBy)) return undefined
        return `startedBy ${JSON.stringify(startedBy)} is no deployment that was seen`
      })
    },
  ),
  everyOne(
    'ECS-21',
    'a stopped task tells code, reason and time',
    (exchange) => tasksIn(exchange).filter((task) => textIn(task, 'lastStatus') === 'STOPPED'),
    (task) => {
      const missing = ['stopCode', 'stoppedReason'].filter((name) => textIn(task, name) === '')
      if (numberIn(task, 'stoppedAt') === 0) missing.push('stoppedAt')
      return missing.length === 0 ? undefined : `lacks ${missing.join(', ')}`
    },
  ),
  everyOne(
    'ECS-22',
    'a container of an image by digest runs that digest, the index and not one of its images',
    (exchange) =>
      runningContainersIn(exchange).filter(
        (container) =>
          textIn(container, 'image').includes('@sha256:') &&
          textIn(container, 'imageDigest') !== '',
      ),
    (container) => {
      const [, pinned = ''] = textIn(container, 'image').split('@')
      const running = textIn(container, 'imageDigest')
      return running === pinned ? undefined : `${pinned} runs as ${running}`
    },
  ),
  everyOne(
    'LOGS-1',
    'log events come oldest first',
    (exchange) => (isAnswer(exchange, 'logs', 'GetLogEvents') ? [exchange.response] : []),
    (response) => {
      const times = objectsIn(response, 'events').map((event) => numberIn(event, 'timestamp'))
      return times.every((time, index) => time >= (times[index - 1] ?? 0))
        ? undefined
        : 'they are out of order'
    },
  ),
]

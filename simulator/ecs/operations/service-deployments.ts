import { numberMember, objectMember, stringMember, stringsMember } from '../../wire/members.ts'
import { type JsonObject, type Operation, ServiceError } from '../../wire/service.ts'
import type { HookRun } from '../model/lifecycle.ts'
import { isTerminal, type ServiceDeployment } from '../model/service-deployment.ts'
import type { Service } from '../model/service.ts'
import { pageOf } from '../page.ts'
import { invalidParameter, serviceDeploymentNotFound, serviceNotFound } from '../refusals.ts'
import {
  serviceDeploymentBrief,
  serviceDeploymentView,
  serviceRevisionView,
} from '../views/service-deployment-view.ts'

import type { Api } from './api.ts'

const mostArns = 20
/** Service deployments are history for 90 days. */
const historyMs = 90 * 86_400_000

function isHistory(api: Api, { createdAtMs, forgotten }: ServiceDeployment): boolean {
  return forgotten !== true && api.clock.now() - createdAtMs < historyMs
}

function list(api: Api, input: JsonObject): JsonObject {
  const cluster = api.store.cluster(stringMember(input, 'cluster'))
  const arn = api.store.serviceArn(stringMember(input, 'service') ?? '', cluster)
  const service = api.store.services.get(arn)
  if (service === undefined) throw serviceNotFound()
  const statuses = stringsMember(input, 'status') ?? []
  const created = objectMember(input, 'createdAt') ?? {}
  const afterMs = (numberMember(created, 'after') ?? 0) * 1000
  const beforeMs = (numberMember(created, 'before') ?? Infinity) * 1000
  const nowMs = api.clock.now()
  const known = service.records.filter(
    (record) =>
      isHistory(api, record) &&
      nowMs - record.createdAtMs >= api.pace.listLagMs &&
      record.createdAtMs >= afterMs &&
      record.createdAtMs <= beforeMs &&
      (statuses.length === 0 || statuses.includes(record.status)),
  )
  const { items, more } = pageOf(known, input, { defaultSize: 20 })
  const serviceDeployments = items.map((record) => serviceDeploymentBrief(service, record))
  return { serviceDeployments, ...more }
}

/** The services of now, and those whose name another one took since. */
function everyService({ store }: Api): readonly Service[] {
  return [...store.services.values(), ...store.formerServices]
}

function findRecord(api: Api, arn: string): [Service, ServiceDeployment] | undefined {
  for (const service of everyService(api)) {
    const record = service.records.find((candidate) => candidate.arn === arn)
    if (record !== undefined && isHistory(api, record)) return [service, record]
  }
  return undefined
}

function askedArns(input: JsonObject, member: string): readonly string[] {
  const arns = stringsMember(input, member) ?? []
  if (arns.length === 0) throw invalidParameter(`${member} cannot be empty.`)
  if (arns.length > mostArns) {
    throw invalidParameter(`${member} cannot have more than ${mostArns} elements.`)
  }
  return arns
}

function describe(api: Api, input: JsonObject): JsonObject {
  const serviceDeployments: JsonObject[] = []
  const failures: JsonObject[] = []
  for (const arn of askedArns(input, 'serviceDeploymentArns')) {
    const found = findRecord(api, arn)
    if (found === undefined) failures.push({ arn, reason: 'MISSING' })
    else serviceDeployments.push(serviceDeploymentView(...found))
  }
  return { serviceDeployments, failures }
}

function describeRevisions(api: Api, input: JsonObject): JsonObject {
  const serviceRevisions: JsonObject[] = []
  const failures: JsonObject[] = []
  for (const arn of askedArns(input, 'serviceRevisionArns')) {
    const found = everyService(api)
      .flatMap((service) => service.revisions.map((revision) => ({ service, revision })))
      .find(({ revision }) => revision.arn === arn)
    if (found === undefined) failures.push({ arn, reason: 'MISSING' })
    else serviceRevisions.push(serviceRevisionView(found.service, found.revision))
  }
  return { serviceRevisions, failures }
}

function stop(api: Api, input: JsonObject): JsonObject {
  const arn = stringMember(input, 'serviceDeploymentArn') ?? ''
  const stopType = stringMember(input, 'stopType') ?? 'ROLLBACK'
  if (stopType !== 'ROLLBACK') throw invalidParameter(`Invalid stopType: ${stopType}.`)
  const found = findRecord(api, arn)
  if (found === undefined) throw serviceDeploymentNotFound()
  const [service, record] = found
  if (isTerminal(record)) {
    throw new ServiceError(
      'ConflictException',
      `Service deployment cannot be stopped in status ${record.status}.`,
    )
  }
  api.scheduler.rollouts.requestRollback(service, record)
  return { serviceDeploymentArn: arn }
}

/** The paused hook that the call is about, or its refusal. */
function pausedHook(record: ServiceDeployment, hookId: string): HookRun {
  const hook = record.lifecycle?.hooks.find(({ id }) => id === hookId)
  if (record.status !== 'IN_PROGRESS' || hook === undefined) {
    throw invalidParameter(
      hook === undefined
        ? `The lifecycle hook ${hookId} was not found.`
        : `Service deployment cannot be continued in status ${record.status}.`,
    )
  }
  if (hook.status === 'AWAITING_ACTION') return hook
  throw invalidParameter(`The lifecycle hook ${hookId} is in status ${hook.status}.`)
}

function goOn(api: Api, input: JsonObject): JsonObject {
  const arn = stringMember(input, 'serviceDeploymentArn') ?? ''
  const action = stringMember(input, 'action') ?? 'CONTINUE'
  if (action !== 'CONTINUE' && action !== 'ROLLBACK') {
    throw invalidParameter(`Invalid action: ${action}.`)
  }
  const found = findRecord(api, arn)
  if (found === undefined) throw serviceDeploymentNotFound()
  const [service, record] = found
  const hook = pausedHook(record, stringMember(input, 'hookId') ?? '')
  if (action === 'CONTINUE') {
    hook.status = 'SUCCEEDED'
    api.scheduler.wake(service)
  } else {
    hook.status = 'FAILED'
    api.scheduler.rollouts.requestRollback(service, record)
  }
  return { serviceDeploymentArn: arn }
}

export function serviceDeploymentOperations(api: Api): Record<string, Operation> {
  return {
    ListServiceDeployments: (input) => list(api, input),
    DescribeServiceDeployments: (input) => describe(api, input),
    DescribeServiceRevisions: (input) => describeRevisions(api, input),
    StopServiceDeployment: (input) => stop(api, input),
    ContinueServiceDeployment: (input) => goOn(api, input),
  }
}

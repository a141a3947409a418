import { numberMember, objectMember, objectsMember, stringMember } from '../../wire/members.ts'
import type { Call, JsonObject, Operation } from '../../wire/service.ts'
import { flagMember } from '../flag-member.ts'
import { resolveImages } from '../image-resolution.ts'
import type { ResolvedImage, ServiceRevision } from '../model/service-revision.ts'
import type { Service } from '../model/service.ts'
import type { TaskDefinition } from '../model/task-definition.ts'
import { invalidParameter, serviceNotActive, serviceNotFound } from '../refusals.ts'
import { checkDeploymentConfiguration } from '../validation/deployment-rules.ts'
import {
  checkAgainstDefinition,
  checkDesiredCount,
  checkModelled,
  checkStrategyChange,
  existing,
} from '../validation/service-rules.ts'
import { keepSnapshot } from '../views/service-snapshot.ts'
import { serviceView } from '../views/service-view.ts'

import type { Api } from './api.ts'
import { createdSettings, needsDeployment, updatedSettings } from './service-settings.ts'
import { refuseStaticUpdate } from './static-services.ts'

const serviceName = /^[\w-]{1,255}$/

/** The service as the call that changed it answers; a DescribeServices that lags is not there yet. */
function view(api: Api, service: Service): JsonObject {
  keepSnapshot(service, api)
  const options = { nowMs: api.clock.now(), lagMs: api.pace.currentLagMs, tags: true }
  return { service: serviceView(service, options) }
}

function makeRevision(
  api: Api,
  service: Service,
  definition: TaskDefinition,
  images: readonly ResolvedImage[],
): ServiceRevision {
  const digits = api.ids.digits()
  return {
    arn: api.arns.serviceRevision(service.cluster.name, service.name, digits),
    digits,
    taskDefinition: definition,
    settings: service.settings,
    images,
    createdAtMs: api.clock.now(),
  }
}

/** Settles what the call asks for, or refuses it; changes nothing. */
function planCreation(
  api: Api,
  input: JsonObject,
): { service: Service; definition: TaskDefinition } {
  checkModelled(input)
  checkDesiredCount(input)
  const cluster = api.store.cluster(stringMember(input, 'cluster'))
  const name = stringMember(input, 'serviceName') ?? ''
  if (!serviceName.test(name)) throw invalidParameter('Service name contains invalid characters.')
  const arn = api.arns.service(cluster.name, name)
  const before = api.store.services.get(arn)?.status
  if (before === 'ACTIVE') throw invalidParameter('Creation of service was not idempotent.')
  if (before === 'DRAINING') {
    throw invalidParameter('Unable to Start a service that is still Draining.')
  }
  const definition = existing(api.store.taskDefinition(stringMember(input, 'taskDefinition') ?? ''))
  const settings = createdSettings(input, definition)
  checkDeploymentConfiguration(objectMember(settings, 'deploymentConfiguration') ?? {})
  checkAgainstDefinition(settings, definition)
  const facts = { arn, name, cluster, settings, tags: [...(objectsMember(input, 'tags') ?? [])] }
  const desiredCount = numberMember(input, 'desiredCount') ?? 0
  return { service: newService(api, { ...facts, desiredCount }), definition }
}

function newService(
  api: Api,
  facts: Pick<Service, 'arn' | 'name' | 'cluster' | 'settings' | 'tags' | 'desiredCount'>,
): Service {
  return {
    ...facts,
    createdAtMs: api.clock.now(),
    createdBy: '',
    status: 'ACTIVE',
    deployments: [],
    records: [],
    revisions: [],
    events: [],
    runs: [],
    steady: false,
    reviewDue: false,
    unhealthyToReplace: 0,
    snapshots: [],
  }
}

async function create(api: Api, input: JsonObject, call: Call): Promise<JsonObject> {
  const images = await resolveImages(planCreation(api, input).definition.json, api.images)
  const plan = planCreation(api, input)
  const service = { ...plan.service, createdBy: call.caller.arn }
  const former = api.store.services.get(service.arn)
  if (former !== undefined) api.store.formerServices.push(former)
  api.store.services.set(service.arn, service)
  api.scheduler.deploy(service, makeRevision(api, service, plan.definition, images))
  return view(api, service)
}

interface UpdatePlan {
  readonly service: Service
  readonly definition: TaskDefinition
  readonly settings: JsonObject
  readonly deploys: boolean
}

/** Settles what the call asks for, or refuses it; changes nothing. */
function planUpdate(api: Api, input: JsonObject): UpdatePlan {
  const cluster = api.store.cluster(stringMember(input, 'cluster'))
  const arn = api.store.serviceArn(stringMember(input, 'service') ?? '', cluster)
  refuseStaticUpdate(api.store.staticServices.get(arn), input)
  const service = api.store.services.get(arn)
  if (service === undefined) throw serviceNotFound()
  if (service.status !== 'ACTIVE') throw serviceNotActive()
  checkModelled(input)
  checkDesiredCount(input)
  checkStrategyChange(service.settings, input)
  const reference = stringMember(input, 'taskDefinition')
  const current = stringMember(service.settings, 'taskDefinition') ?? ''
  const definition = existing(api.store.taskDefinition(reference ?? current))
  const settings = updatedSettings(service.settings, input, definition)
  checkDeploymentConfiguration(objectMember(settings, 'deploymentConfiguration') ?? {})
  const forced = flagMember(input, 'forceNewDeployment') === true
  const deploys = forced || needsDeployment(service.settings, settings)
  if (deploys || reference !== undefined) checkAgainstDefinition(settings, definition)
  return { service, definition, settings, deploys }
}

async function update(api: Api, input: JsonObject): Promise<JsonObject> {
  const foreseen = planUpdate(api, input)
  const images = foreseen.deploys
    ? await resolveImages(foreseen.definition.json, api.images)
    : undefined
  const { service, definition, settings, deploys } = planUpdate(api, input)
  service.settings = settings
  service.desiredCount = numberMember(input, 'desiredCount') ?? service.desiredCount
  if (deploys && images !== undefined) {
    api.scheduler.deploy(service, makeRevision(api, service, definition, images))
  } else {
    api.scheduler.wake(service)
  }
  return view(api, service)
}

function remove(api: Api, input: JsonObject): JsonObject {
  const cluster = api.store.cluster(stringMember(input, 'cluster'))
  const arn = api.store.serviceArn(stringMember(input, 'service') ?? '', cluster)
  const service = api.store.services.get(arn)
  if (service === undefined) throw serviceNotFound()
  if (service.status !== 'ACTIVE') throw serviceNotActive()
  if (service.desiredCount > 0 && flagMember(input, 'force') !== true) {
    throw invalidParameter('The service cannot be stopped while it is scaled above 0.')
  }
  api.scheduler.drain(service)
  return view(api, service)
}

export function serviceOperations(api: Api): Record<string, Operation> {
  return {
    CreateService: (input, call) => create(api, input, call),
    UpdateService: (input) => update(api, input),
    DeleteService: (input) => remove(api, input),
  }
}

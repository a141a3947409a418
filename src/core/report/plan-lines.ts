import { quote } from '../buildx/quote.ts'
import type {
  DefinitionDescription,
  ImageDescription,
  PlanDescription,
  RepositoryDescription,
  ServiceDescription,
  TaskDescription,
} from '../plan/describe/plan-description.ts'
import { describeChange } from '../task-definition/diff.ts'
import { formatSeconds } from './format.ts'

/** A plan for the log: what would be done, in the order in which it would be. */
export function planLines(plan: PlanDescription): readonly string[] {
  const { images, taskDefinitions, services, task, answer, unprovenPermissions } = plan
  return [
    ...images.flatMap(imageLines),
    ...taskDefinitions.flatMap(definitionLines),
    ...(task !== undefined && task.when !== 'after' ? [taskLine(task)] : []),
    ...(answer === undefined
      ? []
      : [`answers ${answer.action} to ${answer.hookId} of ${answer.deploymentArn}`]),
    ...services.map(serviceLine),
    ...(services.length > 1 ? [`services are deployed in ${orderText(plan)}`] : []),
    ...(task?.when === 'after' ? [taskLine(task)] : []),
    ...(unprovenPermissions.length === 0
      ? []
      : [`only the run itself can prove these permissions: ${unprovenPermissions.join(', ')}`]),
  ]
}

/** `task definition web: a new revision, of file web.json; 2 changes to web:12`, and the changes. */
export function definitionLines(definition: DefinitionDescription): readonly string[] {
  const { family, source, action, revision, comparedWith, changes, service } = definition
  const becomes =
    action === 'use' ? `${revision ?? 'that new revision'} says the same` : 'a new revision'
  const owner = service === undefined ? '' : ` for ${service}`
  const count = changes.length === 1 ? '1 change' : `${changes.length} changes`
  const against =
    comparedWith === undefined ? 'the first of its family' : `${count} against ${comparedWith}`
  return [
    `task definition ${family}${owner}: ${becomes}, of ${source}; ${against}`,
    ...changes.map((change) => `  ${describeChange(change)}`),
  ]
}

function imageLines(image: ImageDescription): readonly string[] {
  const { action, repository, copies, creates, digest, build, reason } = image
  const verbs = { build: 'is built', merge: 'is joined of the legs', found: 'is there' }
  const facts = [
    verbs[action],
    `digest ${digest}`,
    ...(reason === undefined ? [] : [reason]),
    ...listed('tags', image.identityTags),
    ...listed('moving tags', image.movingTags),
    ...listed('copied to', copies),
    image.platforms.join(' and '),
  ]
  return [
    ...creates.map(creationLine),
    `image ${repository ?? 'for this machine alone'}: ${facts.filter((fact) => fact !== '').join('; ')}`,
    ...(build === undefined ? [] : [`  ${build.map(quote).join(' ')}`]),
  ]
}

function creationLine({ repository, how, lifecyclePolicy }: RepositoryDescription): string {
  const policy = lifecyclePolicy === undefined ? '' : `; lifecycle policy: ${lifecyclePolicy}`
  return `repository ${repository} is made: ${how}${policy}`
}

function listed(what: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : [`${what} ${items.join(', ')}`]
}

function serviceLine(service: ServiceDescription): string {
  const { currentRevision, newRevision, wait, activeDeployment: active } = service
  const goes = newRevision === 'pending' ? 'the new revision' : (newRevision ?? 'the one before')
  const verbs = {
    deploy: `${currentRevision} -> ${goes}`,
    adopt: `runs ${currentRevision} already: nothing to update`,
    stop: `ECS rolls back from ${currentRevision} to ${goes}`,
    follow: `its deployment of ${goes} is followed`,
  }
  const policies = Object.entries(service.policies).filter(
    ([, value]) => !['leave', 'fail'].includes(value),
  )
  return [
    `service ${service.cluster}/${service.service}: ${verbs[service.action]}`,
    service.strategy,
    wait.awaited
      ? `awaited until ${wait.until}, for ${formatSeconds(wait.deadlineSeconds)} at most`
      : 'not awaited',
    ...(service.forceNewDeployment ? ['a new deployment is forced'] : []),
    ...listed('changes', service.changedSettings),
    ...listed(
      'policies',
      policies.map(([name, value]) => `${name} ${value}`),
    ),
    ...(active === undefined
      ? []
      : [`under way now: ${active.deploymentId} of ${active.revision}`]),
  ].join('; ')
}

function orderText({ deployOrder }: PlanDescription): string {
  return deployOrder === 'sequential' ? 'sequence' : 'parallel'
}

function taskLine(task: TaskDescription): string {
  const when = { before: ' before the services', after: ' after the services', alone: '' }
  return [
    `one-off task${when[task.when]}, in cluster ${task.cluster}`,
    ...(task.launchType === undefined ? [] : [task.launchType]),
    ...listed('capacity providers', task.capacityProviders),
    ...listed('subnets', task.subnets),
    ...listed('security groups', task.securityGroups),
    ...listed('overrides', task.overrides),
    `${task.container ?? 'its essential containers'} decide${task.container === undefined ? '' : 's'}`,
    `for ${formatSeconds(task.deadlineSeconds)} at most`,
  ].join('; ')
}

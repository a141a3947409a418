import type { RepositoryCreation } from '../../image/repository/repository-settings.ts'
import { isPublic, type Repository } from '../../image/repository/repository.ts'
import { objectAt, objectsAt, stringAt, type JsonObject } from '../../json.ts'
import type { ImagePlan } from '../image/image-plan.ts'
import type { Plan } from '../plan.ts'
import type { RunTaskPlan } from '../service/run-task-plan.ts'
import type { ServicePlan, WatchPlan } from '../service/service-plan.ts'
import type { ComparedDefinition } from './describe-definition.ts'
import type { ServiceDescription } from './plan-description.ts'

/** What a push asks of a registry (ECR user guide, "Pushing an image": required IAM actions). */
const pushActions = [
  ...['GetAuthorizationToken', 'BatchCheckLayerAvailability', 'InitiateLayerUpload'],
  ...['UploadLayerPart', 'CompleteLayerUpload', 'PutImage'],
]

/** The IAM actions that the run would use beyond what preflight read with, sorted. */
export function unprovenPermissions(
  plan: Plan,
  compared: readonly ComparedDefinition[],
  services: readonly ServiceDescription[],
): readonly string[] {
  const updates = services.some(({ action }) => action === 'deploy') ? ['ecs:UpdateService'] : []
  const actions = [...updates, ...compared.flatMap(forDefinition), ...forMode(plan, compared)]
  return [...new Set(actions)].sort()
}

function forMode(plan: Plan, compared: readonly ComparedDefinition[]): readonly string[] {
  switch (plan.mode) {
    case 'build':
      return forImage(plan.image)
    case 'release':
    case 'deploy': {
      const images = plan.mode === 'release' ? plan.images.flatMap(forImage) : []
      return [...images, ...plan.services.flatMap(forService), ...forTask(plan.task, compared)]
    }
    case 'run':
      return forTask(plan.task, compared)
    case 'rollback':
      return plan.reverts.flatMap((revert) =>
        revert.kind === 'stop'
          ? ['ecs:StopServiceDeployment', ...forWatch(revert.plan)]
          : forService(revert.plan),
      )
    case 'continue':
      return ['ecs:ContinueServiceDeployment', ...forWatch(plan.watch)]
  }
}

function forImage(plan: ImagePlan): readonly string[] {
  const { existing, identityTags, movingTags, repository, gates } = plan
  const missing = [...identityTags, ...movingTags].filter((tag) => !existing?.tags.includes(tag))
  const builds = existing === undefined && plan.kind !== 'merge'
  const puts = existing === undefined || missing.length > 0
  return [
    ...(builds ? forPush(repository) : puts ? [`${apiOf(repository)}:PutImage`] : []),
    ...plan.copies.flatMap((copy) => (copy.existing === undefined ? forPush(copy.repository) : [])),
    ...plan.creates.flatMap(forCreation),
    ...(gates.scan.kind === 'off' ? [] : ['ecr:DescribeImageScanFindings', 'ecr:StartImageScan']),
  ]
}

function apiOf({ registry }: Repository): string {
  return isPublic(registry) ? 'ecr-public' : 'ecr'
}

function forPush(repository: Repository): readonly string[] {
  const bearer = isPublic(repository.registry) ? ['sts:GetServiceBearerToken'] : []
  return [...bearer, ...pushActions.map((action) => `${apiOf(repository)}:${action}`)]
}

function forCreation(creation: RepositoryCreation): readonly string[] {
  if (creation.kind === 'template') return ['ecr:CreateRepository']
  const { lifecyclePolicy, repositoryPolicy, tags } = creation.settings
  return [
    'ecr:CreateRepository',
    ...(lifecyclePolicy === undefined ? [] : ['ecr:PutLifecyclePolicy']),
    ...(repositoryPolicy === undefined ? [] : ['ecr:SetRepositoryPolicy']),
    ...(Object.keys(tags).length === 0 ? [] : ['ecr:TagResource']),
  ]
}

function forDefinition({ input, registered, plan }: ComparedDefinition): readonly string[] {
  const old = plan.keepTaskDefinitions === undefined ? [] : ['ecs:DeregisterTaskDefinition']
  if (!registered) return old
  const tags = objectsAt(input, 'tags').length > 0 ? ['ecs:TagResource'] : []
  return ['ecs:RegisterTaskDefinition', ...tags, ...forRoles(input), ...old]
}

function forRoles(definition: JsonObject): readonly string[] {
  const roles = ['taskRoleArn', 'executionRoleArn'].filter(
    (member) => (stringAt(definition, member) ?? '') !== '',
  )
  return roles.length > 0 ? ['iam:PassRole'] : []
}

function forService(plan: ServicePlan): readonly string[] {
  const volumes = plan.settings.volumeConfigurations ?? []
  const roles = volumes.some((volume) => 'roleArn' in objectAt(volume, 'managedEBSVolume'))
  return [...(roles ? ['iam:PassRole'] : []), ...forWatch(plan)]
}

/** What the watch may do on its own, where the policies tell it to. */
function forWatch({ wait, policies }: WatchPlan): readonly string[] {
  const { onFailure, onTimeout, onCancel } = policies
  const answers = wait.onPause === 'continue' || wait.onPause === 'rollback'
  return [
    ...([onFailure, onTimeout, onCancel].includes('rollback') ? ['ecs:StopServiceDeployment'] : []),
    ...(answers ? ['ecs:ContinueServiceDeployment'] : []),
  ]
}

function forTask(
  task: RunTaskPlan | undefined,
  [first]: readonly ComparedDefinition[],
): readonly string[] {
  if (task === undefined) return []
  const tags = objectsAt(task.request, 'tags').length > 0 ? ['ecs:TagResource'] : []
  return ['ecs:RunTask', ...tags, ...forRoles(first?.input ?? {})]
}

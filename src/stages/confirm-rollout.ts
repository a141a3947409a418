import { AwsFailure } from '../core/errors/aws-failure.ts'
import { stringAt, objectsAt } from '../core/json.ts'
import {
  primaryOf,
  type ServiceDeploymentBrief,
  type ServiceView,
} from '../core/rollout/observation.ts'
import {
  compareImages,
  imagesOfRevision,
  imagesOfTasks,
  type RunningImage,
} from '../core/rollout/running-images.ts'
import { lookAtService } from './look-at-service.ts'
import { readTasksOf } from './read-tasks.ts'
import type { Rollout } from './rollout.ts'
import { untilAborted } from './until-aborted.ts'

/** What the service was seen to run once ECS called the deployment complete. */
export interface Confirmation {
  /** `not-asked`: no image was deployed, so there is no digest to compare with. */
  readonly finding: 'ours' | 'not-asked' | 'other-image' | 'other-deployment' | 'no-evidence'
  readonly runningImages: readonly RunningImage[]
  /** Why nothing could be proven, or which deployment is PRIMARY. */
  readonly detail: string
}

const mostLooks = 4
const looksApartMs = 2_000
const without = 'the running digests cannot be compared with the pushed ones'

/**
 * Looks once more: that PRIMARY is our deployment, and that what its containers run is what was
 * pushed. Digests are from the service revision, where ECS resolved them, and from running tasks.
 */
export async function confirmRollout(
  rollout: Rollout,
  brief: ServiceDeploymentBrief | undefined,
): Promise<Confirmation> {
  const { deployment, plan, image } = rollout
  const service = await lookUntilOurs(rollout)
  const primary = primaryOf(service)
  if (primary?.id !== deployment.deploymentId) {
    const detail = primary === undefined ? 'none' : `${primary.id} of ${primary.taskDefinitionArn}`
    return { finding: 'other-deployment', runningImages: [], detail }
  }
  const runningImages = await readImages(rollout, brief)
  if (service.desiredCount === 0) {
    return { finding: 'no-evidence', runningImages, detail: 'the service runs 0 tasks' }
  }
  if (image === undefined) return { finding: 'not-asked', runningImages, detail: '' }
  switch (compareImages(runningImages, plan.containerNames, image)) {
    case 'ours':
      return { finding: 'ours', runningImages, detail: '' }
    case 'other':
      return { finding: 'other-image', runningImages, detail: '' }
    case 'no-evidence':
      return { finding: 'no-evidence', runningImages, detail: 'ECS shows no digest' }
  }
}

/** A look may fail, or be older than the deployment's end: another PRIMARY must stay to be believed. */
async function lookUntilOurs(rollout: Rollout): Promise<ServiceView> {
  const { ports, deployment } = rollout
  for (let look = 1; ; look += 1) {
    try {
      const { service } = await lookAtService(rollout, undefined)
      const ours = primaryOf(service)?.id === deployment.deploymentId
      if (ours || look >= mostLooks) return service
    } catch (error) {
      if (!(error instanceof AwsFailure) || error.denied || look >= mostLooks) throw error
    }
    await ports.clock.sleep(looksApartMs, ports.signal)
  }
}

async function readImages(
  rollout: Rollout,
  brief: ServiceDeploymentBrief | undefined,
): Promise<readonly RunningImage[]> {
  const { session, optional } = rollout
  const arn = brief?.targetServiceRevisionArn ?? (await findRevision(rollout))
  const [revision, tasks] = await Promise.all([
    arn === undefined
      ? undefined
      : optional.try('DescribeServiceRevisions', without, () =>
          session.ecs.describeServiceRevisions({ serviceRevisionArns: [arn] }),
        ),
    readTasksOf(rollout, 'RUNNING'),
  ])
  const seen = [...imagesOfRevision(revision ?? {}), ...imagesOfTasks(tasks)]
  const distinct = new Map(seen.map((each) => [`${each.container} ${each.digest}`, each]))
  return [...distinct.values()]
}

/** Without the deployment's record the service itself names its revisions, by the same number. */
async function findRevision(rollout: Rollout): Promise<string | undefined> {
  const { plan, session, deployment, ports } = rollout
  const input = { cluster: plan.current.clusterArn, services: [plan.current.serviceName] }
  const answer = await untilAborted(session.ecs.describeServices(input), ports.signal)
  const number = deployment.deploymentId.split('/').at(-1)
  return objectsAt(answer, 'services')
    .flatMap((service) => objectsAt(service, 'currentServiceRevisions'))
    .map((revision) => stringAt(revision, 'arn'))
    .find((arn) => arn?.split('/').at(-1) === number)
}

import { stringAt, objectsAt } from '../../core/json.ts'
import { compareExpected } from '../../core/rollout/verdict/expected-images.ts'
import {
  isRevisionOf,
  primaryOf,
  type ServiceDeploymentBrief,
} from '../../core/rollout/observation/observation.ts'
import {
  compareImages,
  compareOwnImages,
  imagesOfRevision,
  imagesOfTasks,
  type RunningImage,
} from '../../core/rollout/observation/running-images.ts'
import type { Task } from '../../core/rollout/observation/stopped-tasks.ts'
import { lookUntilRunning } from './look-until-running.ts'
import { readTasksOf } from './read-tasks.ts'
import type { Rollout } from './rollout.ts'
import { findService, nameOf } from '../aws/find-service.ts'

/** What the service was seen to run once ECS called the deployment complete. */
export interface Confirmation {
  /** `not-asked`: no image was deployed, so there is no digest to compare with. */
  readonly finding: 'ours' | 'not-asked' | 'other-image' | 'other-deployment' | 'no-evidence'
  readonly runningImages: readonly RunningImage[]
  /** The deployment's tasks that ran then; undefined where they were not asked for. */
  readonly tasks?: readonly Task[]
  /** Why nothing could be proven, or which deployment is PRIMARY. */
  readonly detail: string
}

const without = 'the running digests cannot be compared with the pushed ones'

/**
 * Looks once more: that PRIMARY is our deployment, and that what its containers run is what was
 * pushed. Digests are from the service revision, where ECS resolved them, and from running tasks. The
 * revision alone says only what would run: one task at least must be there.
 */
export async function confirmRollout(
  rollout: Rollout,
  brief: ServiceDeploymentBrief | undefined,
): Promise<Confirmation> {
  const { deployment, plan, image } = rollout
  const service = await lookUntilRunning(rollout)
  const primary = primaryOf(service)
  if (primary?.id !== deployment.deploymentId) {
    const detail = primary === undefined ? 'none' : `${primary.id} of ${primary.taskDefinitionArn}`
    return { finding: 'other-deployment', runningImages: [], detail }
  }
  const { ofRevision, runningImages, tasks } = await readImages(rollout, brief)
  if (service.desiredCount === 0) {
    return { finding: 'no-evidence', runningImages, tasks, detail: 'the service runs 0 tasks' }
  }
  const { expectedImages: expected, ownImages: own } = plan
  if (image === undefined && expected === undefined && own === undefined) {
    return { finding: 'not-asked', runningImages, tasks, detail: '' }
  }
  const compared =
    own !== undefined
      ? compareOwnImages(runningImages, own)
      : image === undefined
        ? expected && compareExpected(runningImages, ofRevision, expected)
        : compareImages(runningImages, plan.containerNames, image)
  switch (compared) {
    case 'ours':
      return primary.runningCount > 0
        ? { finding: 'ours', runningImages, tasks, detail: '' }
        : { finding: 'no-evidence', runningImages, tasks, detail: 'none of its tasks runs now' }
    case 'other':
      return { finding: 'other-image', runningImages, tasks, detail: '' }
    default:
      return { finding: 'no-evidence', runningImages, tasks, detail: 'ECS shows no digest' }
  }
}

interface SeenImages {
  /** As ECS resolved them for the service revision. */
  readonly ofRevision: readonly RunningImage[]
  /** These, and what tasks report. */
  readonly runningImages: readonly RunningImage[]
  readonly tasks: readonly Task[]
}

async function readImages(
  rollout: Rollout,
  brief: ServiceDeploymentBrief | undefined,
): Promise<SeenImages> {
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
  const ofRevision = imagesOfRevision(revision ?? {})
  const seen = [...ofRevision, ...imagesOfTasks(tasks)]
  const distinct = new Map(seen.map((each) => [`${each.container} ${each.digest}`, each]))
  return { ofRevision, runningImages: [...distinct.values()], tasks }
}

/** Without the deployment's record the service itself names its revisions, by the same number. */
async function findRevision(rollout: Rollout): Promise<string | undefined> {
  const { plan, session, deployment, ports } = rollout
  const service = await findService(nameOf(plan.current), session.ecs, ports.signal)
  return objectsAt(service ?? {}, 'currentServiceRevisions')
    .map((revision) => stringAt(revision, 'arn'))
    .find((arn) => arn !== undefined && isRevisionOf(arn, deployment.deploymentId))
}

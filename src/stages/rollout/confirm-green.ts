import type { PushedImage } from '../../core/image/image.ts'
import {
  compareImages,
  compareOwnImages,
  imagesOfTasks,
  type RunningImage,
} from '../../core/rollout/observation/running-images.ts'
import { readTasksOf } from './read-tasks.ts'
import type { Rollout } from './rollout.ts'

/** What the tasks of a deployment that has not ended were seen to run. */
export interface GreenConfirmation {
  readonly finding: 'ours' | 'other-image' | 'not-asked' | 'no-evidence'
  readonly runningImages: readonly RunningImage[]
}

/**
 * Looks at what the new tasks run while the old ones are still there. Only tasks that run are
 * evidence: before SCALE_UP there are none.
 */
export async function confirmGreen(rollout: Rollout): Promise<GreenConfirmation> {
  const { plan, image } = rollout
  const { ownImages: own } = plan
  if (image === undefined && own === undefined) return { finding: 'not-asked', runningImages: [] }
  const seen = imagesOfTasks(await readTasksOf(rollout, 'RUNNING'))
  const distinct = new Map(seen.map((each) => [`${each.container} ${each.digest}`, each]))
  const runningImages = [...distinct.values()]
  const compared =
    image === undefined
      ? compareOwnImages(runningImages, own ?? new Map<string, PushedImage>())
      : compareImages(runningImages, plan.containerNames, image)
  return { finding: compared === 'other' ? 'other-image' : compared, runningImages }
}

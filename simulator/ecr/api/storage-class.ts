import { ServiceError } from '../../wire/service.ts'
import { imageStatus } from '../store/image-status.ts'
import { invalidParameter } from '../store/refusals.ts'
import type { EcrOperations } from './operation.ts'
import { imageIdJson, named, required, targetImage, targetRepository } from './target.ts'

/** How long an archived image takes to come back: AWS speaks of up to 20 minutes. */
const RESTORE_MS = 20 * 60 * 1000

/** UpdateImageStorageClass: archives an image, or brings it back. */
export const storageClassOperations: EcrOperations = {
  UpdateImageStorageClass: (registry, input) => {
    const repository = targetRepository(registry, input)
    const image = targetImage(registry, repository, input)
    const target = required(input, 'targetStorageClass')
    const nowMs = registry.clock.now()
    const status = imageStatus(image, nowMs)
    if (target === 'ARCHIVE' && status === 'ACTIVE') image.archivedAtMs = nowMs
    else if (target === 'STANDARD' && status === 'ARCHIVED') image.activeAtMs = nowMs + RESTORE_MS
    else if (target === 'ARCHIVE' || target === 'STANDARD') {
      throw new ServiceError(
        'ImageStorageClassUpdateNotSupportedException',
        `The image with status '${status}' cannot be transitioned to '${target}'`,
      )
    } else {
      const constraint = 'Member must satisfy enum value set: [STANDARD, ARCHIVE]'
      throw invalidParameter('targetStorageClass', constraint)
    }
    return {
      ...named(registry, repository),
      imageId: imageIdJson({ digest: image.manifest.digest }),
      imageStatus: imageStatus(image, nowMs),
    }
  },
}

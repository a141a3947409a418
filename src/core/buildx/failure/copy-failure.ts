import { ActionError } from '../../errors/action-error.ts'
import { spokenRefusal } from './spoken-refusal.ts'
import { isLoginLost } from './transient.ts'

/**
 * Why `docker buildx imagetools create` failed to copy an image.
 * @param words Everything that it said; untrusted.
 * @param last Its reason.
 * @param target Repository URI.
 */
export function explainCopy(words: string, last: string, target: string): ActionError {
  const message = `copying to "${target}" failed: ${last}`
  if (isLoginLost(words)) {
    return new ActionError(
      'registry-login-failed',
      message,
      'Run the job again; no later step may log out of these registries.',
    )
  }
  const spoken = spokenRefusal(words)
  if (spoken !== undefined && spoken.code !== 'push-failed') {
    return new ActionError(spoken.code, message, spoken.remedy)
  }
  if (/denied|not authorized to perform|403 Forbidden|401 Unauthorized/i.test(words)) {
    return new ActionError(
      'access-denied',
      message,
      'Allow ecr:BatchGetImage and ecr:GetDownloadUrlForLayer on the first repository, and ecr:BatchCheckLayerAvailability, ' +
        'ecr:InitiateLayerUpload, ecr:UploadLayerPart, ecr:CompleteLayerUpload and ecr:PutImage on this one; in another account its repository policy must allow them, too.',
    )
  }
  return new ActionError(
    'copy-failed',
    message,
    'Run the job again: the image is in the first repository and is not built again, layers that were copied are not copied again.',
  )
}

/** Whether this buildx is older than the flag that keeps a lone manifest as it is (0.15). */
export function lacksPreferIndex(words: string): boolean {
  return /unknown flag: --prefer-index/.test(words)
}

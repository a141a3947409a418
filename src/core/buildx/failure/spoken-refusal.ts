import type { ErrorCode } from '../../errors/codes.ts'
import { incompleteRemedy, keyRemedy, quotaRemedy } from '../../faults/ecr-remedies.ts'
import { brokenUpload } from './transient.ts'

/** A cause that a registry tells in words of its own, and what to do about it. */
export interface SpokenRefusal {
  readonly pattern: RegExp
  readonly code: ErrorCode
  readonly remedy: string
}

/** What ECR says that is no denial, though BuildKit may begin it with `denied:`. */
const refusals: readonly SpokenRefusal[] = [
  {
    pattern: /LimitExceeded|maximum (?:allowed )?number of images/,
    code: 'aws-refused',
    remedy: quotaRemedy,
  },
  {
    pattern: /KmsException|KmsError|KMS\.\w+Exception/,
    code: 'aws-refused',
    remedy: keyRemedy,
  },
  {
    pattern: /manifest blob unknown|Images with digests .* do not exist/,
    code: 'image-incomplete',
    remedy: incompleteRemedy,
  },
  {
    pattern: brokenUpload,
    code: 'push-failed',
    remedy:
      'Let the builder reach ECR without a proxy that changes what it uploads, then run the job again.',
  },
]

/** Which of them a registry's words tell. @returns undefined: none. */
export function spokenRefusal(words: string): SpokenRefusal | undefined {
  return refusals.find(({ pattern }) => pattern.test(words))
}

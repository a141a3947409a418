import type { Digest } from '../image/digest.ts'
import { AwsFailure } from './aws-failure.ts'

/** ECR's refusal to put an immutable tag on a second image, with the digest of the first. */
export class TagTaken extends AwsFailure {
  readonly owner: Digest

  constructor(refusal: AwsFailure, owner: Digest) {
    super(refusal, { cause: refusal })
    this.name = 'TagTaken'
    this.owner = owner
  }
}

import {
  explainPush,
  type PushFailure,
  type PushFindings,
} from '../../core/buildx/failure/push-failure.ts'
import type { ActionError } from '../../core/errors/action-error.ts'
import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { explainEcr } from '../../core/faults/ecr.ts'
import { repositoryUri } from '../../core/image/repository/repository.ts'
import { isImmutable } from '../../core/image/repository/tag-mutability.ts'
import type { ImagePlan } from '../../core/plan/image/image-plan.ts'
import type { Ecr } from '../../ports/ecr.ts'
import { keyOf, placeOf } from '../aws/ask-ecr.ts'

/**
 * Why a push failed. BuildKit tells a status at best, so ECR's API is asked whether the repository is
 * there and the tag free.
 */
export async function explainRefusedPush(
  plan: ImagePlan,
  push: PushFailure,
  ecr: Ecr,
): Promise<ActionError> {
  const [tag] = plan.identityTags
  const { repository } = plan
  const place = {
    repositoryUri: repositoryUri(repository),
    region: repository.registry.region,
    tag,
  }
  try {
    return explainPush(push, await findOut(plan, ecr), place)
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error
    // Whoever has no credentials any more cannot push either; other failures tell nothing of the push.
    return error.credentialsGone
      ? explainEcr(error, placeOf(repository, tag))
      : explainPush(push, undefined, place)
  }
}

async function findOut({ repository, identityTags }: ImagePlan, ecr: Ecr): Promise<PushFindings> {
  const [tag] = identityTags
  const key = keyOf(repository)
  const description = await ecr.describeRepository(key.name, key.accountId)
  if (description === undefined) {
    return { repositoryExists: false, tagIsTaken: false, tagIsImmutable: false }
  }
  if (tag === undefined) {
    return { repositoryExists: true, tagIsTaken: false, tagIsImmutable: false }
  }
  const named = await ecr.readManifest(key, { tag })
  return {
    repositoryExists: true,
    tagIsTaken: named !== undefined,
    tagIsImmutable: isImmutable(tag, description),
  }
}

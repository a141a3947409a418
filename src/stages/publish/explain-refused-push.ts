import {
  explainPush,
  isCutOff,
  type PushFailure,
  type PushFindings,
} from '../../core/buildx/failure/push-failure.ts'
import type { ActionError } from '../../core/errors/action-error.ts'
import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { explainEcr } from '../../core/faults/ecr.ts'
import { parseDigest } from '../../core/image/digest.ts'
import { repositoryUri } from '../../core/image/repository/repository.ts'
import { isImmutable } from '../../core/image/repository/tag-mutability.ts'
import type { ImagePlan } from '../../core/plan/image/image-plan.ts'
import type { Ecr } from '../../ports/ecr.ts'
import { keyOf, placeOf } from '../aws/ask-ecr.ts'

/** A layer that nobody has: what counts is whether it may be asked for. */
const anyLayer = parseDigest(`sha256:${'0'.repeat(64)}`)

/**
 * Why a push failed. BuildKit tells a status at best, so ECR's API is asked whether the repository is
 * there and the tag free, and where the connection just ended, whether one may push at all.
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
  const findings = await findOut(plan, ecr).catch(asFailure)
  if (findings instanceof AwsFailure) {
    // Whoever has no credentials any more cannot push either; other failures tell nothing of the push.
    if (findings.credentialsGone) return explainEcr(findings, placeOf(repository, tag))
  } else if (!findings.repositoryExists) return explainPush(push, findings, place)
  const denial = isCutOff(push) ? await denialOf(plan, ecr) : undefined
  if (denial !== undefined) return explainEcr(denial, placeOf(repository, tag))
  return explainPush(push, findings instanceof AwsFailure ? undefined : findings, place)
}

function asFailure(error: unknown): AwsFailure {
  if (error instanceof AwsFailure) return error
  throw error
}

/** What a connection that ends without an answer hides, where ECR tells. */
async function denialOf({ repository }: ImagePlan, ecr: Ecr): Promise<AwsFailure | undefined> {
  const failure = await ecr.hasLayer(keyOf(repository), anyLayer).then(() => undefined, asFailure)
  return failure?.denied === true ? failure : undefined
}

async function findOut({ repository, identityTags }: ImagePlan, ecr: Ecr): Promise<PushFindings> {
  const [tag] = identityTags
  const key = keyOf(repository)
  const description = await ecr.describeRepository(key.name, key.accountId)
  if (description === undefined) {
    return { repositoryExists: false, owner: undefined, tagIsImmutable: false }
  }
  if (tag === undefined) {
    return { repositoryExists: true, owner: undefined, tagIsImmutable: false }
  }
  const named = await ecr.readManifest(key, { tag })
  return {
    repositoryExists: true,
    owner: named?.digest,
    tagIsImmutable: isImmutable(tag, description),
  }
}

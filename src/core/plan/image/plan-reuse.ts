import type { Digest } from '../../image/digest.ts'
import type { PushedImage } from '../../image/image.ts'
import { refuseFixedTags } from '../../image/naming/moving-tags.ts'
import type { Platform } from '../../image/platform.ts'
import { toPushedImage } from '../../image/content/registry-image.ts'
import type { RepositoryFacts } from '../../image/repository/repository-facts.ts'
import { repositoryUri } from '../../image/repository/repository.ts'
import { decideReuse, type ReuseDecision } from '../../image/reuse.ts'
import type { ImageIdentity } from '../../image/naming/tags.ts'
import type { BuildInputs } from '../../inputs/inputs.ts'
import type { RunContext } from '../../run-context.ts'
import type { ImagePlan } from './image-plan.ts'
import { planCopies } from './plan-copies.ts'

/** Where an image is to go, and what is asked of one that is there. */
export interface ReuseBasis {
  readonly inputs: Pick<BuildInputs, 'skipExisting'>
  readonly context: RunContext
  readonly identity: ImageIdentity
  readonly repository: RepositoryFacts
  /** Of the further repositories. */
  readonly copies: readonly RepositoryFacts[]
}

/** What would be made, for comparison. */
export interface WouldBeMade {
  readonly fingerprint: string
  readonly platforms: readonly Platform[]
  /** Why an image of equal facts would not do. */
  readonly obstacles: readonly string[]
  /** Absent where only the build can tell. */
  readonly digest?: Digest
}

/**
 * Decides whether the registry has the image already.
 * @throws ActionError `reuse-refused` where an immutable tag of any of its repositories holds what is
 * not proven the same, `tag-immutable` where a moving tag cannot move.
 */
export function planReuse(
  basis: ReuseBasis,
  made: WouldBeMade,
): Pick<ImagePlan, 'existing' | 'replaces' | 'reason' | 'copies'> {
  const { identity, repository } = basis
  const decision = decide(basis, made)
  if (decision.kind === 'refuse') throw decision.error
  const existing = decision.kind === 'reuse' ? existingImage(basis, decision) : undefined
  refuseFixedTags(identity, repository, existing?.digest)
  return {
    existing,
    copies: planCopies(basis, existing),
    replaces: namedNow(basis),
    reason:
      decision.kind === 'reuse'
        ? 'the registry has it: same commit, build inputs and platforms'
        : decision.reason,
  }
}

function namedNow({ identity: { identityTags }, repository }: ReuseBasis): Digest | undefined {
  const [tag] = identityTags
  return tag === undefined ? undefined : repository.existing.get(tag)?.digest
}

function decide(
  { inputs, context, identity, repository }: ReuseBasis,
  made: WouldBeMade,
): ReuseDecision {
  return decideReuse({
    repositoryUri: repositoryUri(repository.repository),
    mutability: repository.mutability,
    identityTags: identity.identityTags,
    existing: repository.existing,
    commit: identity.commit,
    skipExisting: inputs.skipExisting,
    runAttempt: context.runAttempt,
    ...made,
  })
}

function existingImage(
  { repository, identity }: ReuseBasis,
  { image, tags }: Extract<ReuseDecision, { kind: 'reuse' }>,
): PushedImage {
  return toPushedImage(image, {
    repository: repository.repository,
    tags,
    version: identity.version,
    commit: identity.commit,
    reused: true,
  })
}

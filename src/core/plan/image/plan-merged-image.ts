import type { Joined } from '../../image/content/join-legs.ts'
import type { BuildInputs } from '../../inputs/inputs.ts'
import { creationsOf } from './creations-of.ts'
import type { MergedImagePlan } from './image-plan.ts'
import { namesOf } from './names-of.ts'
import { freshnessOfRun } from './obstacles.ts'
import { planReuse, type ReuseBasis } from './plan-reuse.ts'

/** All that decides an image that is joined of build legs. */
export interface MergeBasis extends ReuseBasis {
  readonly inputs: BuildInputs
  readonly joined: Joined
}

/**
 * Decides under which names the joined image goes, or that the registry has it already: the very
 * index, or one of equal facts where nothing that the legs or that image tell forbids that proof.
 * @throws ActionError as {@link planReuse}.
 */
export function planMergedImage(basis: MergeBasis): MergedImagePlan {
  const { inputs, context, identity, repository, joined } = basis
  const { platforms, gates, retries } = inputs
  const { fingerprint, index, obstacles } = joined
  const freshness = [...new Set([...joined.freshness, ...freshnessOfRun(context)])]
  const reasons = [...freshness, ...obstacles]
  return {
    kind: 'merge',
    repository: repository.repository,
    ...namesOf(identity),
    ...{ platforms, gates, retries, fingerprint, obstacles, index },
    creates: creationsOf(basis.copies),
    ...planReuse(basis, { fingerprint, platforms, obstacles: reasons, digest: index.digest }),
  }
}

import type { Joined } from '../../image/content/join-legs.ts'
import type { BuildInputs } from '../../inputs/inputs.ts'
import { creationsOf } from './creations-of.ts'
import type { MergedImagePlan } from './image-plan.ts'
import { planReuse, type ReuseBasis } from './plan-reuse.ts'

/** All that decides an image that is joined of build legs. */
export interface MergeBasis extends ReuseBasis {
  readonly inputs: BuildInputs
  readonly joined: Joined
}

/**
 * Decides under which names the joined image goes, or that the registry has it already.
 * @throws ActionError as {@link planReuse}.
 */
export function planMergedImage(basis: MergeBasis): MergedImagePlan {
  const { inputs, identity, repository, joined } = basis
  const { platforms, gates } = inputs
  const { commit, version, identityTags, movingTags } = identity
  const { fingerprint, index } = joined
  return {
    kind: 'merge',
    repository: repository.repository,
    ...{ commit, version, identityTags, movingTags },
    ...{ platforms, gates, fingerprint, index },
    creates: creationsOf(basis.copies),
    ...planReuse(basis, { fingerprint, platforms, obstacles: [] }),
  }
}

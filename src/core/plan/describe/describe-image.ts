import type { PushedImage } from '../../image/image.ts'
import {
  describeCreation,
  type RepositoryCreation,
} from '../../image/repository/repository-settings.ts'
import { repositoryUri } from '../../image/repository/repository.ts'
import { buildTargetOf } from '../image/build-target.ts'
import type { BuiltImagePlan, ImagePlan, LocalBuildPlan } from '../image/image-plan.ts'
import type {
  ImageDescription,
  PlanDescription,
  RepositoryDescription,
} from './plan-description.ts'
import { shownArgv, shownBakeArgv } from './shown-argv.ts'

/** The images that a run would make, or has found under their first tags. */
export function describeImagePlans(plans: readonly ImagePlan[]): readonly ImageDescription[] {
  const baked = plans.flatMap((plan) =>
    plan.kind === 'bake' && plan.existing === undefined ? [plan.target] : [],
  )
  return plans.map((plan) => describeImagePlan(plan, baked))
}

/** @param baked The targets that are built, all of them by one call of bake. */
function describeImagePlan(plan: ImagePlan, baked: readonly string[]): ImageDescription {
  const { existing, repository, version, commit, platforms, identityTags, movingTags } = plan
  const build = existing === undefined ? argvOf(plan, baked) : undefined
  return {
    action: existing === undefined ? (plan.kind === 'merge' ? 'merge' : 'build') : 'found',
    repository: repositoryUri(repository),
    copies: plan.copies.flatMap((copy) =>
      copy.existing === undefined ? [repositoryUri(copy.repository)] : [],
    ),
    creates: plan.creates.map(describeMade),
    digest: existing?.digest ?? (plan.kind === 'merge' ? plan.index.digest : 'pending'),
    ...{ version, commit, platforms, identityTags, movingTags, reason: plan.reason },
    ...(build !== undefined && { build }),
  }
}

function describeMade(creation: RepositoryCreation): RepositoryDescription {
  const lifecyclePolicy = creation.kind === 'create' ? creation.settings.lifecyclePolicy : undefined
  return {
    repository: repositoryUri(creation.repository),
    how: describeCreation(creation),
    ...(lifecyclePolicy !== undefined && { lifecyclePolicy }),
  }
}

function argvOf(plan: ImagePlan, baked: readonly string[]): readonly string[] | undefined {
  switch (plan.kind) {
    case 'build': {
      const { build: specification, builder } = plan
      return shownArgv({ specification, target: buildTargetOf(plan), builder })
    }
    case 'bake':
      return shownBakeArgv(plan, baked)
    case 'merge':
      return undefined
  }
}

/** An image that is in the registry. */
export function describeFoundImage(image: PushedImage): ImageDescription {
  const { repository, copies = [], digest, version, commit, platforms, tags } = image
  return {
    action: 'found',
    repository: repositoryUri(repository),
    copies: copies.map(repositoryUri),
    creates: [],
    ...{ digest, version },
    ...(commit !== undefined && { commit }),
    platforms: platforms.map(({ platform }) => platform),
    identityTags: tags,
    movingTags: [],
  }
}

/** All that a build for nobody but this machine would do. */
export function describeLocalPlan(
  { commit, build: specification }: LocalBuildPlan,
  { builder }: Pick<BuiltImagePlan, 'builder'>,
): PlanDescription {
  const { loadAs, platforms } = specification
  const image: ImageDescription = {
    action: 'build',
    copies: [],
    creates: [],
    digest: 'pending',
    ...{ commit, platforms },
    identityTags: [],
    movingTags: [],
    reason: `push is false: the image ${loadAs === undefined ? 'stays in the builder' : `is loaded as ${loadAs}`}`,
    build: shownArgv({ specification, target: { kind: 'keep' }, builder }),
  }
  return {
    ...{ version: 1, mode: 'release', images: [image] },
    ...{ taskDefinitions: [], services: [], unprovenPermissions: [] },
  }
}

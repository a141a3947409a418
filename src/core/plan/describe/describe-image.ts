import type { PushedImage } from '../../image/image.ts'
import {
  describeCreation,
  type RepositoryCreation,
} from '../../image/repository/repository-settings.ts'
import { repositoryUri } from '../../image/repository/repository.ts'
import { buildTargetOf } from '../image/build-target.ts'
import type { BuiltImagePlan, BuildSpecification, ImagePlan } from '../image/image-plan.ts'
import type { RunContext } from '../../run-context.ts'
import type {
  ImageDescription,
  PlanDescription,
  RepositoryDescription,
} from './plan-description.ts'
import { shownArgv, shownBakeArgv } from './shown-argv.ts'

/** An image that a run would make, or has found under its first tag. */
export function describeImagePlan(plan: ImagePlan): ImageDescription {
  const { existing, repository, version, commit, platforms, identityTags, movingTags } = plan
  const build = existing === undefined ? argvOf(plan) : undefined
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

/** All targets of bake are built by one call. */
function argvOf(plan: ImagePlan): readonly string[] | undefined {
  switch (plan.kind) {
    case 'build': {
      const { build: specification, builder } = plan
      return shownArgv({ specification, target: buildTargetOf(plan), builder })
    }
    case 'bake':
      return shownBakeArgv(plan)
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
  specification: BuildSpecification,
  { builder }: Pick<BuiltImagePlan, 'builder'>,
  { sha: commit }: Pick<RunContext, 'sha'>,
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

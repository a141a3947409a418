import type { CacheStore } from '../../buildx/cache/store.ts'
import type { EcrHost } from '../../image/repository/repository.ts'
import type { RepositoryFacts } from '../../image/repository/repository-facts.ts'
import { addCaches, cachesOf } from './add-caches.ts'
import type { BuildSpecification, BuiltImagePlan } from './image-plan.ts'
import { loadName } from './load-name.ts'
import { creationsOf } from './creations-of.ts'
import { withFreshness } from '../../image/annotations.ts'
import { noGates } from '../../inputs/build/gates.ts'
import { namesOf } from './names-of.ts'
import { freshnessAsked, obstaclesToProof, reasonsToBuild } from './obstacles.ts'
import { planReuse } from './plan-reuse.ts'
import { fingerprintOf, specifyBuild, type BuildBasis } from './specify-build.ts'

/** All that decides one image. */
export interface ImagePlanBasis extends BuildBasis {
  readonly repository: RepositoryFacts
  readonly cache: CacheStore
  /** Further repositories, which get copies. */
  readonly copies: readonly RepositoryFacts[]
  /** Further registries that the build may pull from. */
  readonly pullHosts: readonly EcrHost[]
}

/**
 * Decides what is built and under which names, or that the registry has it already.
 * @throws ActionError `reuse-refused` where an immutable tag holds what is not proven the same,
 * `tag-immutable` where a moving tag, or that of a cache, cannot move.
 */
export function planImage(basis: ImagePlanBasis): BuiltImagePlan {
  const { inputs, identity, repository } = basis
  const hash = fingerprintOf(basis)
  const { platforms } = inputs
  const made = { fingerprint: hash, platforms, obstacles: reasonsToBuild(basis) }
  const reuse = planReuse(basis, made)
  const cache = cachesOf(basis, basis.cache, repository.repository)
  return {
    kind: 'build',
    repository: repository.repository,
    ...namesOf(identity),
    platforms,
    build: addCaches(loaded(specifyBuild(basis, hash), basis), cache),
    dockerfileText: basis.source.dockerfileText,
    cacheHost: cache.host,
    pullHosts: basis.pullHosts,
    // What is not built needs no cache.
    creates: creationsOf([repository, ...basis.copies, ...(reuse.existing ? [] : [basis.cache])]),
    builder: inputs.builder,
    gates: inputs.gates,
    fingerprint: hash,
    obstacles: obstaclesToProof(basis),
    retries: inputs.retries,
    ...reuse,
  }
}

function loaded(
  build: BuildSpecification,
  { inputs, identity, context, repository }: ImagePlanBasis,
): BuildSpecification {
  if (!inputs.load) return build
  const { registry, name } = repository.repository
  return { ...build, loadAs: loadName(identity, { name, host: registry }, context) }
}

/**
 * Decides a leg of a matrix of native runners: it is always built, pushed by digest alone, and
 * passes its gates when the legs are joined. It carries why it is to be new, too, which only the
 * leg's own run sees.
 */
export function planLeg(basis: ImagePlanBasis): BuiltImagePlan {
  const { inputs, identity, repository } = basis
  const hash = fingerprintOf(basis)
  const cache = cachesOf(basis, basis.cache, repository.repository)
  return {
    kind: 'build',
    repository: repository.repository,
    ...namesOf(identity),
    identityTags: [],
    movingTags: [],
    platforms: inputs.platforms,
    build: addCaches(specifyLeg(basis, hash), cache),
    dockerfileText: basis.source.dockerfileText,
    cacheHost: cache.host,
    pullHosts: basis.pullHosts,
    copies: [],
    creates: creationsOf([repository, basis.cache]),
    builder: inputs.builder,
    gates: noGates,
    fingerprint: hash,
    obstacles: obstaclesToProof(basis),
    retries: inputs.retries,
    replaces: undefined,
    existing: undefined,
    reason: 'a leg is always built',
  }
}

function specifyLeg(basis: ImagePlanBasis, hash: string): BuildSpecification {
  const build = specifyBuild(basis, hash)
  return { ...build, annotations: withFreshness(build.annotations, freshnessAsked(basis)) }
}
